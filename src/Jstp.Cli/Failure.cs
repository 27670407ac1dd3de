using Jstp.Client;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Cli;

/// <summary>What a failed command tells its caller.</summary>
/// <param name="ExitCode">One of <see cref="Cli.ExitCode"/>.</param>
/// <param name="Message">One line for a person.</param>
internal readonly record struct Failure(int ExitCode, string Message)
{
    /// <summary>Describes an exception that ended a command, or one line of the interactive mode.</summary>
    public static Failure Of(Exception exception) => exception switch
    {
        CliException known => new Failure(known.ExitCode, known.Message),
        JstpException { Code: JstpErrorCode.CallbackLost } => new Failure(
            Cli.ExitCode.ConnectionLost, "The connection was lost before the answer came; the server may or may not have acted."),
        JstpException remote => new Failure(Cli.ExitCode.RemoteError, Describe(remote)),
        JstpConnectionClosedException => new Failure(Cli.ExitCode.ConnectionLost, "The connection is closed."),
        TimeoutException => new Failure(Cli.ExitCode.Timeout, exception.Message),
        OperationCanceledException => new Failure(Cli.ExitCode.Interrupted, "Interrupted."),
        ArgumentException or MdsfConversionException or JstpBufferFullException => new Failure(Cli.ExitCode.Usage, exception.Message),
        _ => new Failure(Cli.ExitCode.Internal, $"This is a fault of the tool: {exception.GetType().Name}: {exception.Message}"),
    };

    /// <summary>An error of the server: its code, its message, and what came along.</summary>
    public static string Describe(JstpException error)
    {
        string info = string.Concat(error.Info.Select(static value => $" {value}"));

        return $"Error {error.Code}: {error.Message}{info}";
    }
}
