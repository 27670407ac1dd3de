namespace Jstp.Cli;

/// <summary>What the process answers to scripts (docs/cli.md). Numbers are never reused.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The server has answered a request with an error.</summary>
    public const int RemoteError = 1;

    /// <summary>The command line, a file that it names, or a line of input makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>No connection came about, or what is there does not speak JSTP.</summary>
    public const int CannotConnect = 3;

    /// <summary>It took longer than <c>--timeout</c>.</summary>
    public const int Timeout = 4;

    /// <summary>The server has refused the application, the login or the session.</summary>
    public const int Refused = 5;

    /// <summary>The connection was lost before the command was done.</summary>
    public const int ConnectionLost = 6;

    /// <summary>A fault of the tool.</summary>
    public const int Internal = 70;

    /// <summary>Ended by Ctrl-C, as shells count signals.</summary>
    public const int Interrupted = 130;
}
