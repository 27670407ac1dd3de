using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Jstp.LoadGenerator.Load;

namespace Jstp.Cluster.Tests.Swarms;

/// <summary>Thousands of clients on one thread.</summary>
internal sealed class Swarm : IAsyncDisposable
{
    private const int InputLength = 256 * 1024;
    private const int LongestWaitMilliseconds = 5;
    private static readonly TimeSpan PauseBetweenLooks = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly PriorityQueue<Action, long> _timers = new(); // by the timestamp at which they are due
    private readonly List<(Func<bool> Condition, TaskCompletionSource Fulfilled)> _awaited = [];
    private readonly List<SwarmSession> _sessions = [];
    private readonly byte[] _input = new byte[InputLength];
    private readonly Epoll _epoll = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStopping;
    private long _lookedAt;

    public Swarm(SwarmOptions options)
    {
        Options = options;
        Random = new Random(options.Seed);
        new Thread(Run) { IsBackground = true, Name = "swarm" }.Start();
    }

    public SwarmOptions Options { get; }

    /// <summary>The sessions. Only what runs on the swarm's thread may look into them.</summary>
    public IReadOnlyList<SwarmSession> Sessions => _sessions;

    /// <summary>The chance of all clients.</summary>
    public Random Random { get; }

    /// <summary>Adds clients, and completes when all are connected.</summary>
    /// <param name="count">How many.</param>
    /// <param name="prepare">Sets up each before it connects.</param>
    public async Task<IReadOnlyList<SwarmSession>> OpenAsync(int count, Action<SwarmSession>? prepare = null)
    {
        const int AtOnce = 200; // more handshakes at a time would only wait in queues, and run into their timeout

        SwarmSession[] sessions = await RunAsync(() => Enumerable.Range(0, count).Select(_ => Add(prepare)).ToArray());

        foreach (SwarmSession[] part in sessions.Chunk(AtOnce))
        {
            await RunAsync(() => Array.ForEach(part, session => session.Connect()));
            await UntilAsync(() => part.All(session => session.IsConnected), $"the connection of {part.Length} clients");
        }

        return sessions;
    }

    /// <summary>Does something on the swarm's thread.</summary>
    public async Task<T> RunAsync<T>(Func<T> act)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _commands.Enqueue(() =>
        {
            try
            {
                done.SetResult(act());
            }
#pragma warning disable CA1031 // goes to the caller
            catch (Exception exception)
#pragma warning restore CA1031
            {
                done.SetException(exception);
            }
        });
        await Task.WhenAny(done.Task, _ended.Task);

        return done.Task.IsCompleted ? await done.Task : throw new InvalidOperationException("The swarm has ended.", _ended.Task.Exception);
    }

    /// <inheritdoc cref="RunAsync{T}(Func{T})"/>
    public Task RunAsync(Action act) => RunAsync(() =>
    {
        act();

        return true;
    });

    /// <summary>Completes when a condition holds, which is looked at on the swarm's thread.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="awaited">Names it, for the exception.</param>
    /// <param name="limit">How long to wait; two minutes unless told otherwise.</param>
    /// <param name="otherwise">Says what is the matter when the condition does not come to hold; runs on the swarm's thread.</param>
    public async Task UntilAsync(Func<bool> condition, string awaited, TimeSpan? limit = null, Func<string>? otherwise = null)
    {
        var fulfilled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        TimeSpan patience = limit ?? TimeSpan.FromMinutes(2);
        await RunAsync(() => _awaited.Add((condition, fulfilled)));

        try
        {
            await Task.WhenAny(fulfilled.Task, _ended.Task).WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            string detail = otherwise is null ? "" : " " + await RunAsync(otherwise);

            throw new TimeoutException($"Waited {patience.TotalSeconds} s in vain for {awaited}.{detail}");
        }

        await (fulfilled.Task.IsCompleted ? fulfilled.Task : _ended.Task);
    }

    /// <summary>Has clients call a method each, and completes with the outcomes, in their order.</summary>
    /// <inheritdoc cref="SwarmSession.Call" path="/param[@name='call']"/>
    public async Task<IReadOnlyList<CallOutcome>> CallAllAsync(IReadOnlyList<SwarmSession> sessions, string call)
    {
        var outcomes = new CallOutcome?[sessions.Count];
        await RunAsync(() =>
        {
            for (int i = 0; i < sessions.Count; i++)
            {
                int index = i;
                sessions[i].Call(call, outcome => outcomes[index] = outcome);
            }
        });
        await UntilAsync(() => !outcomes.Contains(null), $"the answers to {call}", otherwise: () => $"{outcomes.Count(outcome => outcome is null)} are missing.");

        return outcomes!;
    }

    /// <summary>Has one client call a method, and completes with the outcome.</summary>
    /// <inheritdoc cref="SwarmSession.Call" path="/param[@name='call']"/>
    public async Task<CallOutcome> CallAsync(SwarmSession session, string call) => (await CallAllAsync([session], call))[0];

    public async ValueTask DisposeAsync()
    {
        _commands.Enqueue(() => _isStopping = true);
        await Task.WhenAny(_ended.Task);
    }

    /// <summary>Does something later, on the swarm's thread.</summary>
    public void After(TimeSpan delay, Action act) =>
        _timers.Enqueue(act, Stopwatch.GetTimestamp() + (long)(delay.TotalSeconds * Stopwatch.Frequency));

    /// <summary>Begins a connection.</summary>
    public SwarmChannel OpenChannel(IPEndPoint server, int index, ISwarmChannelOwner owner) =>
        SwarmChannel.Open(server, _epoll, index, _input, owner);

    private SwarmSession Add(Action<SwarmSession>? prepare)
    {
        var session = new SwarmSession(_sessions.Count, this);
        prepare?.Invoke(session);
        _sessions.Add(session);

        return session;
    }

    private void Run()
    {
        try
        {
            while (!_isStopping)
            {
                Turn();
            }

            _ended.SetResult();
        }
#pragma warning disable CA1031 // goes to everybody who waits
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _ended.SetException(exception);
        }
        finally
        {
            _sessions.ForEach(session => session.Leave());
            _epoll.Dispose();
        }
    }

    private void Turn()
    {
        while (_commands.TryDequeue(out Action? command))
        {
            command();
        }

        while (_timers.TryPeek(out _, out long due) && due <= Stopwatch.GetTimestamp())
        {
            _timers.Dequeue()();
        }

        if (Stopwatch.GetElapsedTime(_lookedAt) > PauseBetweenLooks)
        {
            _lookedAt = Stopwatch.GetTimestamp();
            Look();
        }

        int count = _epoll.Wait(LongestWaitMilliseconds);

        for (int i = 0; i < count; i++)
        {
            _sessions[_epoll.TokenOf(i)].OnReady();
        }
    }

    private void Look() => _awaited.RemoveAll(entry =>
    {
        bool holds = entry.Condition();

        if (holds)
        {
            entry.Fulfilled.SetResult();
        }

        return holds;
    });
}
