using System.Buffers;
using System.IO.Pipelines;
using Jstp.Actors.Applications;
using Jstp.Actors.Hosting;
using Jstp.Actors.Kernel;
using Jstp.Actors.Sessions;
using Jstp.Transport.Channels;
using Jstp.Transport.Protocol;
using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Connections;

/// <summary>
/// A connection that has not completed its handshake. It waits for the request, has it decided, and hands the transport over to a
/// <see cref="ConnectionActor"/>; what the client sent behind the request stays in the transport until then (protocol page, 5.6).
/// </summary>
internal sealed partial class HandshakeActor(JstpServer server, MessageChannel channel) : Actor<HandshakeMessage>
{
    private static readonly object TimeoutTimer = new();

    private Task<HandshakeOutcome>? _decision; // once the request was read
    private bool _isAdmitted; // the session that was decided on has its client
    private bool _hasEnded;
    private bool _hasInput; // while the channel's input is being handled
    private ChannelClose _closeReason; // once it has ended

    protected override ValueTask OnStartAsync(CancellationToken stopping)
    {
        ActorRef<HandshakeMessage> self = Context.Self;
        channel.SetOwner(() => self.Enter(HandshakeMessage.InputReady.Instance));
        Context.Timers.StartSingle(TimeoutTimer, HandshakeMessage.TimedOut.Instance, server.Options.HandshakeTimeout);
        ReadMore();

        return ValueTask.CompletedTask;
    }

    protected override ValueTask ReceiveAsync(HandshakeMessage message, CancellationToken stopping)
    {
        if (_hasEnded)
        {
            return ValueTask.CompletedTask;
        }

        switch (message)
        {
            case HandshakeMessage.InputReady:
                OnInput(stopping);
                break;
            case HandshakeMessage.Decided { Outcome: HandshakeOutcome.Accepted accepted }:
                Admit(accepted);
                break;
            case HandshakeMessage.Decided { Outcome: HandshakeOutcome.Refused refused }:
                Refuse(refused.Error);
                break;
            case HandshakeMessage.Decided { Outcome: HandshakeOutcome.Unavailable }:
                End(ChannelClose.InternalError);
                break;
            case HandshakeMessage.TimedOut:
                server.OnHandshakeTimedOut(channel.RemoteEndPoint);
                End(ChannelClose.PolicyViolation);
                break;
        }

        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnStoppedAsync()
    {
        End(server.IsStopping ? ChannelClose.GoingAway : ChannelClose.InternalError);

        if (_decision is not null && !_isAdmitted)
        {
            _ = DiscardAsync(_decision);
        }

        return ValueTask.CompletedTask;
    }

    private void ReadMore()
    {
        if (channel.BeginRead())
        {
            Context.Self.Tell(HandshakeMessage.InputReady.Instance);
        }
    }

    private void OnInput(CancellationToken stopping)
    {
        ReadResult result;
        _hasInput = true;

        try
        {
            result = channel.TakeInput();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            _hasInput = false;
            End(ChannelClose.Normal);

            return;
        }

        ReadOnlySequence<byte> input = result.Buffer;
        ChannelEventKind kind = ChannelEventKind.Message;

        while (!_hasEnded && _decision is null && kind == ChannelEventKind.Message)
        {
            ChannelEvent received = channel.Read(ref input);
            kind = received.Kind;

            if (kind == ChannelEventKind.Message)
            {
                HandleText(received.Text, stopping);
            }
        }

        channel.Advance(input.Start, kind == ChannelEventKind.None ? result.Buffer.End : input.Start);
        _hasInput = false;

        if (_hasEnded)
        {
            EndChannel();
        }
        else if (_decision is not null)
        {
            return; // what follows the request waits in the transport
        }
        else if (kind != ChannelEventKind.None || result.IsCompleted)
        {
            End(ChannelClose.Normal);
        }
        else if (TryFlush())
        {
            ReadMore();
        }
        else
        {
            Cut();
        }
    }

    /// <summary>Sends what the channel has answered by itself, such as probes.</summary>
    /// <returns>False if the client does not even take that; none that means well sends so much before its handshake.</returns>
    private bool TryFlush()
    {
        try
        {
            return channel.UnflushedLength == 0 || channel.Flush(static () => { });
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            return false;
        }
    }

    private void HandleText(ReadOnlyMemory<byte> text, CancellationToken stopping)
    {
        JstpMessageResult result = JstpMessageReader.Read(text, server.ReaderOptions, out JstpMessage message);

        if (!result.IsOk)
        {
            LogFault(server.Logger, channel.RemoteEndPoint?.ToString(), result.Status, result.Offset, result.Detail ?? "", LogText.Excerpt(text.Span, LogText.BriefLength));
            End(result.Status == JstpMessageStatus.BadText ? ChannelClose.BadText : ChannelClose.ProtocolViolation);
        }
        else if (!server.IsWelcoming)
        {
            End(ChannelClose.GoingAway);
        }
        else if (message.Kind == JstpMessageKind.Handshake && HandshakeRequest.FromMessage(message) is { } request)
        {
            server.OnHandshakeRequested(request, channel.RemoteEndPoint);

            // The input goes back to the transport before the decision is there.
            _decision = server.Handshakes.DecideAsync(request with { Credentials = request.Credentials.ToArray() }, channel.RemoteEndPoint, stopping);
            _ = ReportAsync(_decision, Context.Self);
        }
        else if (message.Kind != JstpMessageKind.Heartbeat)
        {
            LogOutOfPlace(server.Logger, channel.RemoteEndPoint?.ToString(), message.Kind);
            End(ChannelClose.ProtocolViolation);
        }
    }

    private static async Task ReportAsync(Task<HandshakeOutcome> decision, ActorRef<HandshakeMessage> self) =>
        self.TryTell(new HandshakeMessage.Decided(await decision));

    private void Admit(HandshakeOutcome.Accepted accepted)
    {
        if (channel.IsDead || !server.IsWelcoming)
        {
            End(channel.IsDead ? ChannelClose.Normal : ChannelClose.GoingAway);

            return;
        }

        var admission = new Admission(channel, accepted.Application, accepted.RequestedVersion, accepted.Session.Actor, accepted.RestoredCount);

        if (server.Applications.TryTell(new ApplicationsMessage.Admit(admission)))
        {
            _hasEnded = true; // the channel is another actor's from here on
            _isAdmitted = true;
            Context.Stop();
        }
        else
        {
            End(ChannelClose.GoingAway);
        }
    }

    private void Refuse(JstpError error)
    {
        ArrayBufferWriter<byte> scratch = TextScratch.Rent();
        JstpMessageWriter.WriteHandshakeError(scratch, error);
        channel.Write(scratch.WrittenSpan);
        TextScratch.Return(scratch);
        End(ChannelClose.Normal);
    }

    // A session that was opened for a client that has left must not stay behind, whenever it is opened (D19). One that was restored is as it was.
    private static async Task DiscardAsync(Task<HandshakeOutcome> decision)
    {
        if (await decision is HandshakeOutcome.Accepted { RestoredCount: null } accepted)
        {
            accepted.Session.Actor.TryTell(SessionMessage.Discard.Instance);
        }
    }

    private void End(ChannelClose reason)
    {
        if (!_hasEnded)
        {
            _hasEnded = true;
            _closeReason = reason;
            EndChannel();
            Context.Stop();
        }
    }

    private void Cut()
    {
        _hasEnded = true;
        channel.Cut();
        Context.Stop();
    }

    private void EndChannel()
    {
        // The end reads too, so the input must be given back first; OnInput comes back here.
        if (!_hasInput)
        {
            channel.Finish(_closeReason, server.Options.CloseTimeout, Context.TimeProvider);
        }
    }

    [LoggerMessage(2201, LogLevel.Information, "A handshake from {RemoteEndPoint} was closed for a message that is {Status} at byte {Offset}: {Detail} {Excerpt}")]
    private static partial void LogFault(ILogger logger, string? remoteEndPoint, JstpMessageStatus status, long offset, string detail, string excerpt);

    [LoggerMessage(2202, LogLevel.Information, "A connection from {RemoteEndPoint} was closed: it sent a {Kind} in place of its handshake, or a handshake without application.")]
    private static partial void LogOutOfPlace(ILogger logger, string? remoteEndPoint, JstpMessageKind kind);
}
