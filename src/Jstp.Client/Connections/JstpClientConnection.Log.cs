using Jstp.Transport.Protocol;
using Microsoft.Extensions.Logging;

namespace Jstp.Client.Connections;

// Events 4000 to 4099. Handshakes are never shown, as session ids and credentials are secrets.
public sealed partial class JstpClientConnection
{
    internal void LogSent(ReadOnlySpan<byte> text)
    {
        if (_logger.IsEnabled(LogLevel.Trace))
        {
            LogSent(LogText.Excerpt(text, LogText.FullLength));
        }
    }

    [LoggerMessage(4000, LogLevel.Information, "Connected to {Url}, application {Application}.")]
    private partial void LogConnected(Uri url, JstpApplicationName application);

    [LoggerMessage(4001, LogLevel.Warning, "The connection to {Url} was lost: {Reason}")]
    private partial void LogLost(Uri url, string reason);

    [LoggerMessage(4002, LogLevel.Information, "Attempt {Number} to reconnect follows in {Delay}.")]
    private partial void LogReconnecting(int number, TimeSpan delay);

    [LoggerMessage(4003, LogLevel.Warning, "Attempt {Number} to reconnect has failed: {Reason}")]
    private partial void LogReconnectFailed(int number, string reason);

    [LoggerMessage(4004, LogLevel.Information, "Reconnected to {Url}; {LostCount} answers are lost.")]
    private partial void LogReconnected(Uri url, int lostCount);

    [LoggerMessage(4005, LogLevel.Warning, "The server has refused the session; a new one was opened.")]
    private partial void LogSessionReplaced();

    [LoggerMessage(4006, LogLevel.Information, "The connection is closed.")]
    private partial void LogClosed();

    [LoggerMessage(4007, LogLevel.Error, "The connection has ended for good.")]
    private partial void LogEnded(Exception cause);

    [LoggerMessage(4008, LogLevel.Error, "A handler of {Name} has failed.")]
    private partial void LogHandlerFault(string name, Exception exception);

    [LoggerMessage(4009, LogLevel.Error, "The method {Interface}.{Method} has failed; the server gets error 16.")]
    private partial void LogMethodFault(string @interface, string method, Exception exception);

    [LoggerMessage(4010, LogLevel.Warning, "The server has sent a message that is {Status} at byte {Offset} ({Detail}): {Excerpt}")]
    private partial void LogFault(JstpMessageStatus status, long offset, string detail, string excerpt);

    [LoggerMessage(4011, LogLevel.Warning, "The server has sent a handshake behind the handshake.")]
    private partial void LogSecondHandshake();

    [LoggerMessage(4012, LogLevel.Debug, "An answer to the server is lost with the connection.")]
    private partial void LogAnswerDropped();

    [LoggerMessage(4013, LogLevel.Warning, "{Count} calls of the server are running; a further one is answered with error 16.")]
    private partial void LogTooManyCalls(int count);

    [LoggerMessage(4014, LogLevel.Debug, "The answer of a call is lost; the call is made again.")]
    private partial void LogResend();

    [LoggerMessage(4015, LogLevel.Error, "The reconnector has failed; nothing is tried any more.")]
    private partial void LogReconnectorFault(Exception exception);

    [LoggerMessage(4016, LogLevel.Trace, "Received {Text}")]
    private partial void LogReceived(string text);

    [LoggerMessage(4017, LogLevel.Trace, "Sent {Text}")]
    private partial void LogSent(string text);
}
