using Jstp.Cli.Output;
using Spectre.Console;

namespace Jstp.Cli.CommandLine;

/// <summary>Asks somebody for a password.</summary>
internal static class PasswordPrompt
{
    /// <exception cref="CliException">Nobody is there to be asked.</exception>
    public static async Task<string> AskAsync(CliConsole console, string login, CancellationToken cancellationToken)
    {
        // A question on the output would become part of the result that a program reads.
        if (!console.IsInputTerminal || !console.IsOutputTerminal)
        {
            throw new CliException(ExitCode.Usage, $"--login needs a password: --password-stdin, --password or ${CommonOptions.PasswordVariable}.");
        }

        TextPrompt<string> prompt = new TextPrompt<string>($"Password of {Markup.Escape(TerminalText.Clean(login))}:").Secret(mask: null).AllowEmpty();

        return await prompt.ShowAsync(console.Screen, cancellationToken);
    }
}
