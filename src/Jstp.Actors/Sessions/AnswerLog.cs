using System.Buffers;
using Jstp.Actors.Persistence.Columns;

namespace Jstp.Actors.Sessions;

/// <summary>
/// The requests of a client to which it may have no answer yet, with the answers that were given. A client that lost its connection gets them when it is
/// back, and what it sends again is not executed again (protocol page, 10.6). Whoever holds the session uses it; it is not thread-safe.
/// </summary>
/// <remarks>
/// An answer is proven to have arrived when the client acknowledges any message of ours that was made after the answer was sent, over the same connection. What
/// has no answer, an event or a ping, is in the log only to be recognized, for as long as the client may send it again.
/// </remarks>
/// <param name="onGivenUp">Called when the log was full, and all that was in it was given up.</param>
internal sealed class AnswerLog(Action onGivenUp)
{
    /// <summary>Requests that a session may hold. A client that lets them become more, since it answers no ping, is treated as the reference treats all.</summary>
    public const int MaxRequests = 4096;

    /// <summary>Bytes of texts and answers that a session may hold.</summary>
    public const int MaxLength = 1024 * 1024;

    private readonly List<LoggedRequest> _requests = [];
    private long _highest; // magnitude in the log
    private long _provenThrough; // the highest id whose answer has arrived: the client sends nothing up to it again
    private long _givenUpThrough; // up to here answers were not kept: the client must give up what it has no answer to

    /// <summary>Whether there is nothing that the client may have to get.</summary>
    public bool IsEmpty => _requests.Count == 0;

    /// <summary>How many requests are in it.</summary>
    public int Count => _requests.Count;

    /// <summary>Bytes of texts and answers.</summary>
    public int Length { get; private set; }

    /// <summary>Goes on with what another holder of the session has written; with nothing where that is empty.</summary>
    public static AnswerLog Read(ReadOnlySpan<byte> written, Action onGivenUp)
    {
        var log = new AnswerLog(onGivenUp);

        if (!written.IsEmpty)
        {
            log._provenThrough = ColumnFormat.ReadInt64(ref written);
            log._givenUpThrough = ColumnFormat.ReadInt64(ref written);

            while (!written.IsEmpty)
            {
                log._requests.Add(LoggedRequest.Read(ref written));
            }

            log.Measure();
        }

        return log;
    }

    /// <summary>Writes all that is in it, for the next holder of the session.</summary>
    public byte[] Write()
    {
        var output = new ArrayBufferWriter<byte>();
        ColumnFormat.WriteInt64(output, _provenThrough);
        ColumnFormat.WriteInt64(output, _givenUpThrough);

        foreach (LoggedRequest request in _requests)
        {
            request.Write(output);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Takes note of a request that is to be handled. It takes the place of any other with its id.</summary>
    /// <param name="id">Its id, as it came.</param>
    /// <param name="wantsAnswer">Whether there will be an answer to keep; events and pings have none.</param>
    /// <param name="generation">Over which connection it came.</param>
    /// <param name="text">The whole message.</param>
    public void Add(long id, bool wantsAnswer, int generation, ReadOnlySpan<byte> text)
    {
        long magnitude = Math.Abs(id);

        if (magnitude <= _highest)
        {
            RemoveWhere(request => request.Id == id); // the client uses its ids anew
        }

        if (!wantsAnswer && _requests.Count == 0)
        {
            return; // the count that the client is told will include it
        }

        var request = new LoggedRequest(id, wantsAnswer, generation, TextFingerprint.Of(text));
        _requests.Add(request);
        _highest = Math.Max(_highest, magnitude);
        Length += request.Length;
        GiveUpIfFull();
    }

    /// <summary>Keeps the answer to a request.</summary>
    /// <param name="id">The request's id.</param>
    /// <param name="generation">Over which connection it came.</param>
    /// <param name="answer">The whole message.</param>
    /// <returns>The request; null where it is not in the log, or no more.</returns>
    public LoggedRequest? Answer(long id, int generation, ReadOnlySpan<byte> answer)
    {
        // Most answers are given in the turn of their request.
        for (int i = _requests.Count - 1; i >= 0; i--)
        {
            LoggedRequest request = _requests[i];

            if (request.Id == id && request.Generation == generation && request.IsRunning)
            {
                request.Answer = answer.ToArray();
                Length += answer.Length;

                return GiveUpIfFull() ? null : request;
            }
        }

        return null;
    }

    /// <summary>Notes that the client has acknowledged a message: everything that was sent before it over this connection has arrived.</summary>
    /// <param name="magnitude">The magnitude of the message's id.</param>
    public void Prove(long magnitude)
    {
        bool isAnyProven = false;

        foreach (LoggedRequest request in _requests)
        {
            if (request.SentBehind < magnitude)
            {
                isAnyProven = true;
                _provenThrough = Math.Max(_provenThrough, Math.Abs(request.Id));
            }
        }

        if (isAnyProven)
        {
            RemoveWhere(request => request.SentBehind < magnitude || (!request.WantsAnswer && Math.Abs(request.Id) <= _provenThrough));
        }
    }

    /// <summary>A connection takes the session up: whatever the one before has sent and the client has not acknowledged may not have arrived.</summary>
    public void BeginConnection()
    {
        foreach (LoggedRequest request in _requests)
        {
            request.SentBehind = LoggedRequest.NotSent;
            request.IsRepeated = false;
        }
    }

    /// <summary>The count that lets the client keep its open calls: below the oldest of them, and never above what was received.</summary>
    public long ReportedCount(long received)
    {
        long count = received;

        foreach (LoggedRequest request in _requests)
        {
            if (request.WantsAnswer)
            {
                count = Math.Min(count, Math.Abs(request.Id) - 1);
            }
        }

        return Math.Min(received, Math.Max(count, _givenUpThrough));
    }

    /// <summary>
    /// Finds the request that a message repeats: one with its id and its very text, not proven to be over, and not repeated before over this connection.
    /// </summary>
    public LoggedRequest? FindRepeated(long id, ReadOnlySpan<byte> text)
    {
        if (Math.Abs(id) <= _provenThrough)
        {
            return null;
        }

        foreach (LoggedRequest request in _requests)
        {
            if (request.Id == id)
            {
                return !request.IsRepeated && request.Text.Matches(text) ? request : null;
            }
        }

        return null;
    }

    /// <summary>The requests of earlier connections whose answers are there and were not sent over this one, in the order in which they came.</summary>
    public IReadOnlyList<LoggedRequest> FindOwed(int generation) =>
        _requests.FindAll(request => request.Generation < generation && request.IsOwed);

    /// <summary>Has a request of an earlier connection answered as one of this connection.</summary>
    /// <returns>False if it is not in the log, or no more.</returns>
    public bool Renew(long id, int generation)
    {
        LoggedRequest? request = _requests.Find(request => request.Id == id && request.Generation < generation);
        request?.Generation = generation;

        return request is not null;
    }

    /// <summary>The client uses its ids anew: forgets what it asked over earlier connections and has not repeated.</summary>
    /// <returns>How many answers it will not get.</returns>
    public int ForgetUnrepeated(int generation)
    {
        int count = _requests.Count(IsForgotten);
        RemoveWhere(IsForgotten);
        _provenThrough = 0;
        _givenUpThrough = 0;

        return count;

        bool IsForgotten(LoggedRequest request) => request.Generation < generation && !request.IsRepeated;
    }

    private void RemoveWhere(Predicate<LoggedRequest> isOver)
    {
        _requests.RemoveAll(isOver);
        TrimAnswerless();
        Measure();
    }

    private void Measure()
    {
        Length = _requests.Sum(static request => request.Length);
        _highest = _requests.Count == 0 ? 0 : _requests.Max(static request => Math.Abs(request.Id));
    }

    // What has no answer is counted, and need not be recognized, while nothing before it is open.
    private void TrimAnswerless()
    {
        int count = _requests.FindIndex(static request => request.WantsAnswer);
        _requests.RemoveRange(0, count < 0 ? _requests.Count : count);
    }

    private bool GiveUpIfFull()
    {
        if (_requests.Count <= MaxRequests && Length <= MaxLength)
        {
            return false;
        }

        _givenUpThrough = _highest;
        RemoveWhere(static _ => true);
        onGivenUp();

        return true;
    }
}
