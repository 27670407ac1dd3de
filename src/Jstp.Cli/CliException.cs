namespace Jstp.Cli;

/// <summary>A command cannot go on: what to tell, in one line, and the exit code.</summary>
internal sealed class CliException(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>One of <see cref="ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
