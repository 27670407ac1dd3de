using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Jstp.Client.Applications;
using Jstp.Client.Events;
using Jstp.Client.Remote;
using Jstp.Transport.Channels;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;
using Microsoft.Extensions.Logging;

namespace Jstp.Client.Connections;

// What the server sends (protocol page, sections 4 and 10). All of it runs in the reader of the present link.
public sealed partial class JstpClientConnection
{
    /// <summary>Handles one message.</summary>
    /// <returns>The end of the link, if the message is one.</returns>
    internal LinkEnd? Receive(Link link, ReadOnlyMemory<byte> text)
    {
        JstpMessageResult result = JstpMessageReader.Read(text, Limits, out JstpMessage message);

        if (_logger.IsEnabled(LogLevel.Trace))
        {
            LogReceived(LogText.Excerpt(text.Span, LogText.FullLength));
        }

        if (!result.IsOk)
        {
            LogFault(result.Status, result.Offset, result.Detail ?? "", LogText.Excerpt(text.Span, LogText.FullLength));

            return new LinkEnd(
                new InvalidDataException($"The server has sent a message that is {result.Status} at byte {result.Offset}: {result.Detail}"),
                result.Status == JstpMessageStatus.BadText ? ChannelClose.BadText : ChannelClose.ProtocolViolation);
        }

        switch (message.Kind)
        {
            case JstpMessageKind.Callback or JstpMessageKind.Pong:
                HandleAnswer(message);
                break;
            case JstpMessageKind.Event:
                Count(message.Id);
                HandleEvent(link, message);
                break;
            case JstpMessageKind.Call:
                Count(message.Id);
                HandleCall(link, message);
                break;
            case JstpMessageKind.Inspect:
                Count(message.Id);
                HandleInspect(link, message);
                break;
            case JstpMessageKind.Ping:
                Count(message.Id);
                AnswerPing(link, message.Id);
                break;
            case JstpMessageKind.Handshake:
                return HandleHandshake(link, message);
            default:
                break; // heartbeats, and kinds that nobody knows
        }

        return null;
    }

    private void Count(long id)
    {
        lock (_gate)
        {
            _session.Count(id);
        }
    }

    private void HandleAnswer(in JstpMessage message)
    {
        IPendingRequest? request;
        TaskCompletionSource? room = null;

        lock (_gate)
        {
            request = _session.Acknowledge(message.Id, out bool hasRoom);

            if (hasRoom)
            {
                (room, _room) = (_room, null);
            }
        }

        request?.Complete(message, Limits);
        room?.SetResult();
    }

    private void HandleEvent(Link link, in JstpMessage message)
    {
        if (!message.HasArguments)
        {
            return;
        }

        ImmutableArray<EventSubscriber> subscribers = _events.Find(message.TargetName, message.Name);
        EventSubscriber? declared = null;

        if (_served.TryGetValue(message.TargetName, out ServedInterface? @interface))
        {
            @interface.Events.TryGetValue(message.Name, out declared);
        }

        if (subscribers.IsEmpty && declared is null && EventReceived is null)
        {
            return;
        }

        link.SuspendBatch();

        // In the reference's order: proxies first, then the application (protocol page, section 8).
        foreach (EventSubscriber subscriber in subscribers)
        {
            Invoke(subscriber, message);
        }

        if (declared is not null)
        {
            Invoke(declared, message);
        }

        if (EventReceived is { } handlers)
        {
            Raise(handlers, new JstpRemoteEvent(message.TargetName.ToString(), message.Name.ToString(), MdsfValue.Parse(message.Value.Span, Limits).Elements));
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Code of the application, whose faults are logged and end nothing of ours.")]
    private void Invoke(EventSubscriber subscriber, in JstpMessage message)
    {
        try
        {
            var arguments = new MdsfReader(message.Value.Span, Limits);
            arguments.Read();
            subscriber.Invoke(ref arguments);
        }
        catch (Exception exception)
        {
            LogHandlerFault($"{message.TargetName}.{message.Name}", exception);
        }
    }

    private LinkEnd HandleHandshake(Link link, in JstpMessage message)
    {
        var error = new InvalidDataException("The server has sent a second handshake.");

        if (HandshakeRequest.FromMessage(message) is not null)
        {
            // Somebody takes us for a server (protocol page, section 12).
            error = new InvalidDataException("The server has asked for a handshake.");
            SendUnkept(link, static (scratch, _) => JstpMessageWriter.WriteHandshakeError(scratch, JstpError.FromCode(JstpErrorCode.NotAServer)), 0);
        }

        LogSecondHandshake();

        return new LinkEnd(error, ChannelClose.ProtocolViolation);
    }
}
