using System.Text;

namespace Jstp.Cli.Output;

/// <summary>Texts from a server on somebody's terminal.</summary>
internal static class TerminalText
{
    /// <summary>A text as one line, with control characters replaced: what a server says must not steer the terminal that shows it.</summary>
    public static string Clean(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);

        foreach (char c in text)
        {
            clean.Append(char.IsControl(c) ? ' ' : c);
        }

        return clean.ToString();
    }
}
