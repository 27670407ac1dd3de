using System.Diagnostics;
using System.Globalization;

namespace Jstp.Cluster.Tests.Swarms;

/// <summary>
/// Has sessions ask their server for numbered events, again and again: the fixture <c>tape</c>. Whoever waits for an answer asks for nothing more, so a
/// server that is slower than the period is not overrun. What is answered is owed: those events must arrive.
/// </summary>
internal sealed class TapeLoad
{
    private readonly Swarm _swarm;
    private readonly IReadOnlyList<SwarmSession> _sessions;
    private readonly long[] _confirmed; // by session: the last number that an answer named
    private readonly int[] _answered; // by session: answers
    private readonly TimeSpan _period;
    private readonly int _count; // of the events that a call asks for
    private readonly string _call;
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private readonly bool[] _isAsking; // by session: a request has no answer yet
    private bool _isStopping;

    private TapeLoad(Swarm swarm, IReadOnlyList<SwarmSession> sessions, TimeSpan period, int count)
    {
        _swarm = swarm;
        _sessions = sessions;
        _confirmed = new long[sessions.Count];
        _answered = new int[sessions.Count];
        _isAsking = new bool[sessions.Count];
        _period = period;
        _count = count;
        _call = string.Create(CultureInfo.InvariantCulture, $"'tape'],more:[{count}]}}");
    }

    /// <summary>Calls that were answered.</summary>
    public long AnsweredCount { get; private set; }

    /// <summary>Calls whose answer was lost with a connection.</summary>
    public long LostCount { get; private set; }

    /// <summary>Calls that were answered by an error.</summary>
    public long FailedCount { get; private set; }

    /// <summary>The code of the first of them.</summary>
    public int? FirstError { get; private set; }

    /// <summary>The rate since the start.</summary>
    public double EventsPerSecond => _sessions.Sum(session => session.Events.Count) / Stopwatch.GetElapsedTime(_startedAt).TotalSeconds;

    /// <summary>Starts the load.</summary>
    /// <param name="swarm">The clients.</param>
    /// <param name="sessions">Which of them.</param>
    /// <param name="period">How often each asks.</param>
    /// <param name="count">How many events it asks for.</param>
    /// <param name="spread">The time over which the first requests are spread; the period unless told otherwise.</param>
    public static async Task<TapeLoad> StartAsync(
        Swarm swarm, IReadOnlyList<SwarmSession> sessions, TimeSpan period, int count, TimeSpan? spread = null)
    {
        var load = new TapeLoad(swarm, sessions, period, count);
        await swarm.RunAsync(() =>
        {
            for (int i = 0; i < sessions.Count; i++)
            {
                int index = i;
                swarm.After((spread ?? period) * swarm.Random.NextDouble(), () => load.Ask(index));
            }
        });

        return load;
    }

    /// <summary>Completes when every session has had that many more answers.</summary>
    public async Task ProgressAsync(int answers)
    {
        int[] before = await _swarm.RunAsync(() => _answered.ToArray());
        await _swarm.UntilAsync(
            () => !_answered.Where((count, i) => count < before[i] + answers).Any(),
            $"{answers} more answers for each client",
            otherwise: () => $"{_answered.Where((count, i) => count < before[i] + answers).Count()} clients are behind. {Describe()}");
    }

    /// <summary>Completes when every session waits for an answer: nothing moves any more.</summary>
    public Task StandstillAsync() =>
        _swarm.UntilAsync(() => _sessions.All(session => session.PendingCount > 0), "a standstill", otherwise: Describe);

    /// <summary>Stops asking, and completes when every session is connected and has what it is owed.</summary>
    /// <returns>Events per second from start to stop.</returns>
    public async Task<double> StopAsync()
    {
        double rate = await _swarm.RunAsync(() =>
        {
            _isStopping = true;

            return EventsPerSecond;
        });
        await _swarm.UntilAsync(() => !_isAsking.Contains(true) && _sessions.All(session => session.IsConnected), "the last answers", otherwise: Describe);
        await _swarm.UntilAsync(
            () => !_sessions.Where((session, i) => session.Events.LastOf("tape") < _confirmed[i]).Any(), "the events that are owed", otherwise: Describe);

        return rate;
    }

    /// <summary>Asks the server for the last number of every session, and returns how many sessions have events that end elsewhere.</summary>
    public Task<int> CountUnevenAsync() => CountAsync((last, index) => last != _sessions[index].Events.LastOf("tape"));

    /// <summary>Asks likewise, and returns in how many sessions calls ran more or less often than they were answered.</summary>
    public Task<int> CountMiscountedAsync() => CountAsync((last, index) => last != (long)_answered[index] * _count);

    private async Task<int> CountAsync(Func<long, int, bool> isOff)
    {
        IReadOnlyList<CallOutcome> last = await _swarm.CallAllAsync(_sessions, "'tape'],last:[]}");

        return await _swarm.RunAsync(() => last.Where((outcome, index) => isOff((long)outcome.Result.AsNumber(), index)).Count());
    }

    /// <summary>Says how things are, for the message of a test that fails. On the swarm's thread.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_sessions.Count(session => session.IsConnected)} of {_sessions.Count} connected, {_sessions.Count(session => session.PendingCount > 0)} waiting for answers, {_sessions.Sum(session => session.FailureCount)} failed attempts, {_sessions.Sum(session => session.RefusalCount)} refusals (last code {_sessions.Max(session => session.LastRefusal)}), {AnsweredCount} answered, {LostCount} lost, {FailedCount} failed ({FirstError}).");

    private void Ask(int index)
    {
        if (_isStopping)
        {
            return;
        }

        SwarmSession session = _sessions[index];
        long askedAt = Stopwatch.GetTimestamp();
        _isAsking[index] = true;

        session.Call(_call, outcome =>
        {
            _isAsking[index] = false;
            Note(index, outcome);
            TimeSpan rest = _period - Stopwatch.GetElapsedTime(askedAt);
            _swarm.After(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, () => Ask(index));
        });
    }

    private void Note(int index, CallOutcome outcome)
    {
        switch (outcome.ErrorCode)
        {
            case null:
                AnsweredCount++;
                _answered[index]++;
                _confirmed[index] = (long)outcome.Result.AsNumber();
                break;
            case -1:
                LostCount++;
                break;
            default:
                FailedCount++;
                FirstError ??= outcome.ErrorCode;
                break;
        }
    }
}
