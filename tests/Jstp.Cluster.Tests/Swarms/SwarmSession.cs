using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Jstp.Transport.Protocol;

namespace Jstp.Cluster.Tests.Swarms;

/// <summary>
/// One client, which does what the reference client does: it keeps what it has sent until that is acknowledged, counts what it receives, and comes back to
/// its session with its backoff, again and again (protocol page, sections 10 and 12). Only the thread of its swarm may use it.
/// </summary>
internal sealed partial class SwarmSession(int index, Swarm swarm) : ISwarmChannelOwner
{
    private readonly Queue<(long Id, byte[] Text)> _buffer = new();
    private readonly SortedDictionary<long, Action<CallOutcome>> _pending = [];
    private long _nextId = 1;
    private long _guaranteedId; // up to which the server is known to have everything
    private SwarmChannel? _channel;
    private long _channelNumber; // tells timers of an earlier attempt apart
    private int _failedAttempts;
    private long _lostAt;
    private long _firstAttemptAt;

    /// <summary>The session id; null until there is one.</summary>
    public string? Id { get; private set; }

    /// <summary>The magnitude of the last message that was counted.</summary>
    public long ReceivedCount { get; private set; }

    /// <summary>Whether the handshake is done.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Where the next attempt goes.</summary>
    public IPEndPoint Server { get; set; } = swarm.Options.Server;

    /// <summary>What has arrived.</summary>
    public EventLog Events { get; } = new();

    /// <summary>The times without connection that are over.</summary>
    public List<Outage> Outages { get; } = [];

    /// <summary>Calls that had no answer when the client came back to its session.</summary>
    public int ReopenedCount { get; private set; }

    /// <summary>Messages whose id was not beyond all before: the server has sent something again, or used an id twice.</summary>
    public long RepeatedIdCount { get; private set; }

    /// <summary>Attempts to connect that failed.</summary>
    public int FailureCount { get; private set; }

    /// <summary>Handshakes that were refused.</summary>
    public int RefusalCount { get; private set; }

    /// <summary>The error code of the last refusal; 0 without one.</summary>
    public int LastRefusal { get; private set; }

    /// <summary>The code with which the server closed the last connection that it closed in order; 0 without one.</summary>
    public int LastCloseCode { get; private set; }

    /// <summary>Calls that wait for their answer.</summary>
    public int PendingCount => _pending.Count;

    /// <summary>Whether it stays away when its connection ends. Otherwise it comes back.</summary>
    public bool StaysAway { get; set; }

    /// <summary>Begins to connect; goes on until it succeeds.</summary>
    public void Connect()
    {
        StaysAway = false;
        _lostAt = Stopwatch.GetTimestamp();
        _firstAttemptAt = 0;
        Attempt();
    }

    /// <summary>Loses the connection, as by a network that is gone; comes back after the backoff.</summary>
    public void Cut()
    {
        if (_channel is not null)
        {
            _channel.Cut();
            OnEnded(closeCode: null);
        }
    }

    /// <summary>Ends the connection and stays away until <see cref="Connect"/>.</summary>
    public void Leave()
    {
        StaysAway = true;
        Cut();
    }

    /// <summary>Becomes another device with the same session, as an application does that was moved with its stored session.</summary>
    public void Adopt(SwarmSession other)
    {
        Id = other.Id;
        ReceivedCount = other.ReceivedCount;
        _nextId = other._nextId;
        Events.ContinueFrom(other.Events);
    }

    /// <summary>Calls a method. Without a connection the call waits for one.</summary>
    /// <param name="call">What stands behind the id: <c>'interface'],method:[arguments]}</c>.</param>
    /// <param name="answered">Gets the outcome.</param>
    public void Call(string call, Action<CallOutcome> answered)
    {
        long id = _nextId++;
        byte[] text = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{call:[{id},{call}"));
        _pending.Add(id, answered);
        _buffer.Enqueue((id, text));

        if (IsConnected)
        {
            _channel!.Send(text);
        }
    }

    /// <summary>Takes what the connection has.</summary>
    public void OnReady() => _channel?.OnReady();

    void ISwarmChannelOwner.OnOpened()
    {
        var text = new ArrayBufferWriter<byte>();

        if (Id is null)
        {
            JstpMessageWriter.WriteHandshakeRequest(text, swarm.Options.Application, strategy: Login?.Strategy, credentials: Login?.Credentials);
        }
        else
        {
            byte[] credentials = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"['{Id}',{ReceivedCount}]"));
            JstpMessageWriter.WriteHandshakeRequest(text, swarm.Options.Application, strategy: "session", credentials: credentials);
        }

        _channel!.Send(text.WrittenSpan);
    }

    /// <summary>How it logs in; null for anonymously.</summary>
    public (string Strategy, byte[] Credentials)? Login { get; set; }

    void ISwarmChannelOwner.OnMessage(ReadOnlyMemory<byte> text)
    {
        JstpMessageResult result = JstpMessageReader.Read(text, default, out JstpMessage message);

        if (result.Status != JstpMessageStatus.Ok)
        {
            throw new InvalidOperationException($"The server sent what is no message: {Encoding.UTF8.GetString(text.Span)}");
        }

        switch (message.Kind)
        {
            case JstpMessageKind.Handshake:
                OnHandshakeAnswer(message);
                break;
            case JstpMessageKind.Event:
                CountReceived(message.Id);
                OnEvent(message);
                break;
            case JstpMessageKind.Ping:
                CountReceived(message.Id);
                _channel!.Send(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{pong:[{message.Id}]}}")));
                break;
            case JstpMessageKind.Callback:
                OnAnswer(message);
                break;
            default:
                throw new InvalidOperationException($"The server sent what no scenario expects: {Encoding.UTF8.GetString(text.Span)}");
        }
    }

    public void OnEnded(int? closeCode)
    {
        if (IsConnected)
        {
            _lostAt = Stopwatch.GetTimestamp();
            _firstAttemptAt = 0;
        }
        else
        {
            _failedAttempts++;
            FailureCount++;
        }

        LastCloseCode = closeCode ?? LastCloseCode;
        IsConnected = false;
        _channel = null;
        _channelNumber++;

        if (!StaysAway)
        {
            swarm.After(swarm.Options.Backoff.Next(_failedAttempts, swarm.Random), Attempt);
        }
    }

    private void Attempt()
    {
        if (_channel is not null)
        {
            return;
        }

        if (_firstAttemptAt == 0)
        {
            _firstAttemptAt = Stopwatch.GetTimestamp();
        }

        _channel = swarm.OpenChannel(Server, index, this);
        long number = ++_channelNumber;
        swarm.After(swarm.Options.AttemptTimeout, () =>
        {
            if (_channelNumber == number && !IsConnected)
            {
                Cut();
            }
        });
    }

    private void CountReceived(long id)
    {
        if (Math.Abs(id) <= ReceivedCount)
        {
            RepeatedIdCount++;
        }

        ReceivedCount = Math.Abs(id);
    }
}
