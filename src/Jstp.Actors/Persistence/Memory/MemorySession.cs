using Jstp.Actors.Sessions;
using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Persistence.Memory;

/// <summary>What the memory store has of one session. Touched under the store's lock only.</summary>
internal sealed class MemorySession(long key, SessionCreation creation, long epoch, DateTimeOffset now)
{
    private static readonly Dictionary<string, MdsfValue> NoData = [];

    private readonly SortedList<long, OutgoingMessage> _messages = [];
    private readonly List<StoredPost> _posts = [];
    private readonly Dictionary<long, long> _epochEnds = []; // of those that were ended by force: the last magnitude
    private SessionCounts _counts;
    private IReadOnlyDictionary<string, MdsfValue> _data = NoData;
    private IReadOnlyList<OpenRequest> _openRequests = [];
    private byte[] _keptAnswers = [];
    private long _lastOrdinal;

    public long Key => key;

    public string Id => creation.Id;

    public string Application => creation.Application;

    public string? UserName => creation.UserName;

    public long Epoch { get; private set; } = epoch;

    public int? Owner { get; private set; } = creation.Owner;

    /// <summary>The epoch whose owner let go of the session last, or 0.</summary>
    public long ReleasedEpoch { get; private set; }

    /// <summary>Whether the owner said that a client is connected; the owner may be dead.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>When a client was there last, as far as it was written.</summary>
    public DateTimeOffset IdleSince { get; private set; } = now;

    public SessionAddress Address => new(Key, Owner);

    public IReadOnlyList<StoredPost> Posts => _posts;

    public void Apply(SessionChange change, DateTimeOffset now)
    {
        _counts = change.Counts ?? _counts;

        if (change.Data is { } data)
        {
            _data = new Dictionary<string, MdsfValue>(data);
        }

        if (change.OpenRequests is { } requests)
        {
            _openRequests = [.. requests.Select(static request => request with { Text = request.Text.ToArray() })];
        }

        _keptAnswers = change.KeptAnswers?.ToArray() ?? _keptAnswers;

        foreach (OutgoingMessage message in change.Appended)
        {
            if (message.Magnitude > change.ReleasedThrough)
            {
                _messages.TryAdd(message.Magnitude, message);
            }
        }

        while (_messages.Count > 0 && _messages.GetKeyAtIndex(0) <= change.ReleasedThrough)
        {
            _messages.RemoveAt(0);
        }

        _posts.RemoveAll(post => post.Ordinal <= change.CollectedThrough);
        Pass(change.Transition, now);
    }

    public SessionRecord Take(int node)
    {
        bool wasForced = Owner is not null;
        SessionCounts counts = _messages.Count == 0
            ? _counts
            : _counts with { LastMagnitude = Math.Max(_counts.LastMagnitude, _messages.GetKeyAtIndex(_messages.Count - 1)) };

        if (wasForced)
        {
            _epochEnds[Epoch] = Math.Max(counts.LastMagnitude, _epochEnds.GetValueOrDefault(Epoch));
        }

        Owner = node;
        Epoch++;
        IsConnected = false;

        return new SessionRecord
        {
            Key = Key,
            Epoch = Epoch,
            Id = Id,
            Application = Application,
            UserName = UserName,
            Counts = counts,
            Data = _data,
            Messages = [.. _messages.Values.Where(message => message.Magnitude > _counts.Delivered)],
            OpenRequests = _openRequests,
            KeptAnswers = _keptAnswers,
            Posts = [.. _posts],
            WasForced = wasForced,
        };
    }

    public void Post(ReadOnlyMemory<byte> tail, MessageOrigin? origin = null)
    {
        if (origin is { } message)
        {
            if (_epochEnds.TryGetValue(message.Epoch, out long end) && message.Magnitude <= end)
            {
                return;
            }

            _epochEnds[message.Epoch] = message.Magnitude;
        }

        _posts.Add(new StoredPost(Key, ++_lastOrdinal, tail));
    }

    private void Pass(SessionTransition transition, DateTimeOffset now)
    {
        switch (transition)
        {
            case SessionTransition.Attached:
                IsConnected = true;
                break;

            case SessionTransition.Detached:
                IsConnected = false;
                IdleSince = now;
                break;

            case SessionTransition.Released:
                IsConnected = false;
                IdleSince = now;
                Owner = null;
                ReleasedEpoch = Epoch++;
                break;
        }
    }
}
