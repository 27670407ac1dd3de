using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Jstp.Client.Channels;
using Jstp.Client.Sessions;
using Jstp.Transport.Channels;

namespace Jstp.Client.Connections;

/// <summary>
/// One transport connection of a session, from the answer of its handshake to its end. It has one reader and one writer, which run where there is something
/// to do; what they share is guarded by the connection's lock.
/// </summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "The end of the run, which every link comes to, disposes the clock.")]
internal sealed partial class Link
{
    private readonly JstpClientConnection _connection;
    private readonly JstpClientOptions _options;
    private readonly ClientChannel _channel;
    private readonly LinkClock _clock;
    private readonly Lock _gate;

    public Link(JstpClientConnection connection, ClientSession session, ClientChannel channel, Lock gate)
    {
        _connection = connection;
        _options = connection.Options;
        _channel = channel;
        _gate = gate;
        _window = session.Window;
        _clock = new LinkClock(this, _options);
    }

    /// <summary>Cuts the transport off; the run ends. From any thread.</summary>
    public void Cut(Exception error)
    {
        Interlocked.CompareExchange(ref _cutError, error, null);
        _channel.Abort();
    }

    /// <summary>Sends a ping that nobody waits for.</summary>
    public void SendPing() => _connection.SendPing(this);

    /// <summary>Receives until the end, and then ends the transport. Never throws.</summary>
    public async Task<LinkEnd> RunAsync()
    {
        _clock.Start();
        EndBatch(); // what the session has kept goes out first
        LinkEnd end = await ReceiveAsync().ConfigureAwait(false);
        _clock.Stop();
        _connection.Detach(this);

        if (end.IsCut)
        {
            _channel.Abort();
        }

        await FinishAsync(end).ConfigureAwait(false);

        return end;
    }

    private async Task<LinkEnd> ReceiveAsync()
    {
        try
        {
            while (true)
            {
                ReadResult result = await _channel.Input.ReadAsync().ConfigureAwait(false);
                _clock.OnReceived();

                if (Handle(result) is { } end)
                {
                    return end;
                }

                if (result.IsCompleted)
                {
                    return new LinkEnd(IsEnding ? null : CutError ?? new IOException("The server has ended the connection without a close."));
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            return new LinkEnd(IsEnding ? null : CutError ?? exception, IsCut: true);
        }
    }

    private Exception? CutError => Volatile.Read(ref _cutError);

    private Exception? _cutError; // why we cut it, once we did

    private LinkEnd? Handle(in ReadResult result)
    {
        ReadOnlySequence<byte> input = result.Buffer;
        ChannelEventKind kind;
        LinkEnd? end = null;
        BeginBatch();

        do
        {
            ChannelEvent received = _channel.Read(ref input);
            kind = received.Kind;

            if (kind == ChannelEventKind.Message)
            {
                end = _connection.Receive(this, received.Text);
            }
        }
        while (kind == ChannelEventKind.Message && end is null);

        Reply(_channel.TakeReplies());
        _channel.Input.AdvanceTo(input.Start, kind == ChannelEventKind.None ? result.Buffer.End : input.Start);
        EndBatch();

        return kind switch
        {
            ChannelEventKind.Closed => new LinkEnd(null),
            ChannelEventKind.Failed => new LinkEnd(new InvalidDataException("The server broke a rule or a limit of the transport.")),
            _ => end,
        };
    }

    private async Task FinishAsync(LinkEnd end)
    {
        using ITimer deadline = _options.TimeProvider.CreateTimer(
            static channel => ((ClientChannel)channel!).Abort(), _channel, _options.CloseTimeout, Timeout.InfiniteTimeSpan);
        await EndFlushesAsync().ConfigureAwait(false);
        await _channel.CloseAsync(end.Reason, _options.CloseTimeout, _options.TimeProvider).ConfigureAwait(false);
    }
}
