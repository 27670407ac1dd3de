using Jstp.Transport.Protocol;
using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Connections;

// Events 2000 to 2099. Connections are named by their number, as session ids are secrets.
internal sealed partial class ConnectionActor
{
    private void LogTakenOver(long id) => LogTakenOver(_server.Logger, id);

    private void LogSendTimedOut(long id, TimeSpan timeout) => LogSendTimedOut(_server.Logger, id, timeout);

    private void LogLost(long id, string reason) => LogLost(_server.Logger, id, reason);

    private void LogTransportFailure(long id) => LogTransportFailure(_server.Logger, id);

    private void LogSecondHandshake(long id) => LogSecondHandshake(_server.Logger, id);

    private void LogFault(long id, string session, JstpMessageStatus status, long offset, string detail, string excerpt) =>
        LogFault(_server.Logger, id, session, status, offset, detail, excerpt);

    private void LogApplicationFault(long id, string interfaceName, string member, Exception exception) =>
        LogApplicationFault(_server.Logger, exception, id, interfaceName, member);

    private void LogBufferFull(long id, int count, long length) => LogBufferFull(_server.Logger, id, count, length);

    private void LogBacklogFull(long id, long length) => LogBacklogFull(_server.Logger, id, length);

    private void LogSilent(long id) => LogSilent(_server.Logger, id);

    private void LogEventUncertain(long id) => LogEventUncertain(_server.Logger, id);

    [LoggerMessage(2000, LogLevel.Information, "Connection {Id} gives way to a newer connection of its session.")]
    private static partial void LogTakenOver(ILogger logger, long id);

    [LoggerMessage(2001, LogLevel.Warning, "Connection {Id} was cut off: it took no output for {Timeout}.")]
    private static partial void LogSendTimedOut(ILogger logger, long id, TimeSpan timeout);

    [LoggerMessage(2002, LogLevel.Debug, "Connection {Id} was lost: {Reason}")]
    private static partial void LogLost(ILogger logger, long id, string reason);

    [LoggerMessage(2003, LogLevel.Information, "Connection {Id} broke a rule or a limit of its transport and was closed.")]
    private static partial void LogTransportFailure(ILogger logger, long id);

    [LoggerMessage(2004, LogLevel.Warning, "Connection {Id} was closed: it sent a second handshake.")]
    private static partial void LogSecondHandshake(ILogger logger, long id);

    [LoggerMessage(2005, LogLevel.Warning, "Connection {Id} of session {Session} was closed for a message that is {Status} at byte {Offset}: {Detail} {Excerpt}")]
    private static partial void LogFault(ILogger logger, long id, string session, JstpMessageStatus status, long offset, string detail, string excerpt);

    [LoggerMessage(2006, LogLevel.Error, "{Interface}.{Member} failed for connection {Id}; the client was not told why.")]
    private static partial void LogApplicationFault(ILogger logger, Exception exception, long id, string @interface, string member);

    [LoggerMessage(2007, LogLevel.Warning, "The client of connection {Id} has left {Count} messages of {Length} bytes unacknowledged; no more are kept for it.")]
    private static partial void LogBufferFull(ILogger logger, long id, int count, long length);

    [LoggerMessage(2008, LogLevel.Warning, "Connection {Id} was cut off: {Length} bytes of output waited for it.")]
    private static partial void LogBacklogFull(ILogger logger, long id, long length);

    [LoggerMessage(2009, LogLevel.Information, "Connection {Id} was cut off: it answered no probe.")]
    private static partial void LogSilent(ILogger logger, long id);

    [LoggerMessage(2010, LogLevel.Warning, "The client of connection {Id} had sent an event to a node that died; nobody knows whether it was handled.")]
    private static partial void LogEventUncertain(ILogger logger, long id);
}
