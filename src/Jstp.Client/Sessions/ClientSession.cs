using System.Buffers;
using System.Text;
using Jstp.Client.Remote;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Sessions;

/// <summary>A session's state on the client's side (protocol page, 10.1). Its connection's lock guards it.</summary>
internal sealed class ClientSession
{
    private readonly Dictionary<long, IPendingRequest> _pending = [];
    private readonly ArrayBufferWriter<byte> _scratch = new();
    private long _acknowledgePing; // id of the ping that is to draw an acknowledgement, 0 for none

    public ClientSession(string id) => Id = id;

    /// <summary>Takes up a session where another run of the program left it.</summary>
    public ClientSession(JstpSessionState state)
    {
        Id = state.Id;
        LastId = state.LastId;
        ReceivedCount = state.ReceivedCount;
        DeliveredCount = state.DeliveredCount;

        foreach ((long id, string text) in state.Messages)
        {
            Window.Add(id, Encoding.UTF8.GetBytes(text));
        }
    }

    public string Id { get; }

    /// <summary>The last id that was used.</summary>
    public long LastId { get; private set; }

    /// <summary>Magnitude of the last message that was counted.</summary>
    public long ReceivedCount { get; private set; }

    /// <summary>Up to which id the server is known to have everything.</summary>
    public long DeliveredCount { get; private set; }

    public SendWindow Window { get; } = new();

    public int PendingCount => _pending.Count;

    /// <summary>A message that counts has arrived (protocol page, section 4).</summary>
    public void Count(long id) => ReceivedCount = JstpMessageId.Magnitude(id);

    /// <summary>Adds a message under the next id; it is kept until the server has it.</summary>
    public void Add(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> tail, IPendingRequest? request)
    {
        long id = ++LastId;
        Window.Add(id, prefix, tail);
        Await(id, request);
    }

    /// <summary>Adds a ping, which is lost with its connection, and so never answered by another.</summary>
    public void AddPing(IPendingRequest? request)
    {
        long id = ++LastId;
        _scratch.ResetWrittenCount();
        JstpMessageWriter.WritePing(_scratch, id);
        Window.AddUnkept(_scratch.WrittenSpan);
        Await(id, request);
    }

    /// <summary>Adds a ping that draws an acknowledgement, unless one is out.</summary>
    public void AskForAcknowledgement()
    {
        if (_acknowledgePing == 0)
        {
            AddPing(request: null);
            _acknowledgePing = LastId;
        }
    }

    /// <summary>A callback or pong has come (protocol page, 10.2). Ids that were never issued acknowledge nothing (D8).</summary>
    /// <param name="id">Its id.</param>
    /// <param name="hasRoom">Whether there is more room than before.</param>
    /// <returns>Who waits for it.</returns>
    public IPendingRequest? Acknowledge(long id, out bool hasRoom)
    {
        long magnitude = JstpMessageId.Magnitude(id);
        hasRoom = false;

        if (magnitude > LastId)
        {
            return null;
        }

        DeliveredCount = Math.Max(DeliveredCount, magnitude);
        hasRoom = Window.Release(magnitude);

        if (magnitude >= _acknowledgePing)
        {
            _acknowledgePing = 0;
        }

        return _pending.Remove(magnitude, out IPendingRequest? request) ? request : null;
    }

    /// <summary>The request is given up; its answer will find nobody.</summary>
    public void Forget(IPendingRequest request)
    {
        if (_pending.TryGetValue(request.Id, out IPendingRequest? pending) && pending == request)
        {
            _pending.Remove(request.Id);
        }
    }

    /// <summary>The server tells what it has (protocol page, 10.3). Everything behind that waits to be sent again.</summary>
    /// <returns>Requests that are lost: the server had them, but their answers did not come (10.5), and pings, which are not sent again.</returns>
    public IReadOnlyList<IPendingRequest> Restore(long received)
    {
        // A count above what was sent would have later messages dropped.
        received = Math.Clamp(received, 0, LastId);
        Window.Rewind(received);
        DeliveredCount = received;
        _acknowledgePing = 0;
        List<IPendingRequest> lost = [];

        foreach ((long id, IPendingRequest request) in _pending)
        {
            if (id <= received || request is PendingPing)
            {
                lost.Add(request);
                _pending.Remove(id);
            }
        }

        return lost;
    }

    /// <summary>Takes everybody who waits; the session is over.</summary>
    public IReadOnlyList<IPendingRequest> TakePending()
    {
        IPendingRequest[] pending = [.. _pending.Values];
        _pending.Clear();

        return pending;
    }

    /// <summary>The session as it is now.</summary>
    public JstpSessionState Export(string application) => new(
        application,
        Id,
        ReceivedCount,
        DeliveredCount,
        LastId,
        [.. Window.ListKept().Select(static message => KeyValuePair.Create(message.Id, Encoding.UTF8.GetString(message.Text.Span)))]);

    private void Await(long id, IPendingRequest? request)
    {
        if (request is not null)
        {
            request.Id = id;
            _pending.Add(id, request);
        }
    }
}
