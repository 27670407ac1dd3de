using System.Text;

namespace Jstp.Client.Connections;

/// <summary>Shows a piece of a message in the log, where it can do no harm.</summary>
internal static class LogText
{
    private const int MaxLength = 1024;

    /// <summary>The first bytes of a text, with everything but printable ASCII replaced.</summary>
    public static string Excerpt(ReadOnlySpan<byte> text)
    {
        var excerpt = new StringBuilder(Math.Min(text.Length, MaxLength) + 1);

        foreach (byte value in text[..Math.Min(text.Length, MaxLength)])
        {
            excerpt.Append(value is >= 0x20 and < 0x7F ? (char)value : '·');
        }

        return text.Length > MaxLength ? excerpt.Append('…').ToString() : excerpt.ToString();
    }
}
