using Jstp.Actors.Kernel.Internal;
using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Kernel;

/// <summary>A tree of actors with its clock, its log and its dead letters. Safe to use from any thread.</summary>
public sealed class ActorSystem : IAsyncDisposable
{
    private readonly ActorCell<Guardian.Nothing> _guardian;
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _terminating;

    /// <summary>Makes an empty system.</summary>
    /// <param name="name">Names the system in logs.</param>
    /// <param name="options">Its settings; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public ActorSystem(string name, ActorSystemOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        options ??= new ActorSystemOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Throughput, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.DeadLetterLogInterval, TimeSpan.Zero, nameof(options));

        Name = name;
        TimeProvider = options.TimeProvider;
        LoggerFactory = options.LoggerFactory;
        DefaultSupervision = options.DefaultSupervision;
        Throughput = options.Throughput;
        Logger = new GuardedLogger(LoggerFactory.CreateLogger<ActorSystem>());
        DeadLetters = new DeadLetterOffice(this, options.DeadLetterLogInterval);
        _guardian = ActorCell.MakeGuardian(this);
    }

    /// <summary>
    /// Raised for every dead letter, on the thread that found it: for tests and diagnosis, so keep handlers short. What they throw is logged.
    /// </summary>
    public event Action<DeadLetter>? DeadLettered
    {
        add => DeadLetters.Added += value;
        remove => DeadLetters.Added -= value;
    }

    /// <summary>The system's name.</summary>
    public string Name { get; }

    /// <summary>Where time comes from.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>How many messages nobody handled, since the system was made.</summary>
    public long DeadLetterCount => DeadLetters.Count;

    /// <summary>Completes when <see cref="TerminateAsync"/> has stopped every actor. Never faults.</summary>
    public Task Terminated => _terminated.Task;

    internal ILoggerFactory LoggerFactory { get; }

    internal ILogger Logger { get; }

    internal SupervisionStrategy DefaultSupervision { get; }

    internal int Throughput { get; }

    internal DeadLetterOffice DeadLetters { get; }

    internal ActorCell Root => _guardian;

    /// <summary>Makes a top-level actor with a name of the kernel's choice, such as <c>$7</c>.</summary>
    /// <inheritdoc cref="Spawn{TMessage}(string, Func{Actor{TMessage}}, ActorProps?)"/>
    public ActorRef<TMessage> Spawn<TMessage>(Func<Actor<TMessage>> factory, ActorProps? props = null) =>
        _guardian.Spawn(name: null, factory, props).Self;

    /// <summary>Makes a top-level actor. It starts on the thread pool, and may be told messages at once.</summary>
    /// <typeparam name="TMessage">What the actor is told.</typeparam>
    /// <param name="name">Unique among living top-level actors; not empty, no slash, no leading <c>$</c>.</param>
    /// <param name="factory">Makes an instance, now and at every restart.</param>
    /// <param name="props">How the actor is to be run; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">The name is malformed or taken.</exception>
    /// <exception cref="InvalidOperationException">The system is terminating or has terminated.</exception>
    public ActorRef<TMessage> Spawn<TMessage>(string name, Func<Actor<TMessage>> factory, ActorProps? props = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _guardian.Spawn(name, factory, props).Self;
    }

    /// <summary>
    /// Stops the top-level actors one after the other, the newest first, each with its children, so that what was made first
    /// serves to the last. May be called more than once.
    /// </summary>
    /// <returns><see cref="Terminated"/>. It waits for turns that are under way as long as they take; a turn must not wait for it.</returns>
    public Task TerminateAsync()
    {
        if (!Interlocked.Exchange(ref _terminating, true))
        {
            _ = StopTreeAsync();
        }

        return Terminated;
    }

    /// <summary>Terminates the system.</summary>
    public ValueTask DisposeAsync() => new(TerminateAsync());

    /// <summary>A timer that does not keep the ambient context (an activity, a request) of whoever happens to start it.</summary>
    internal ITimer CreateTimer(TimerCallback callback, object state, TimeSpan dueTime, TimeSpan period)
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return TimeProvider.CreateTimer(callback, state, dueTime, period);
        }

        using (ExecutionContext.SuppressFlow())
        {
            return TimeProvider.CreateTimer(callback, state, dueTime, period);
        }
    }

    private async Task StopTreeAsync()
    {
        foreach (ActorCell actor in _guardian.CloseChildren())
        {
            actor.Stop();
            await actor.Stopped;
        }

        _guardian.Stop();
        await _guardian.Stopped;
        DeadLetters.Flush();
        _terminated.SetResult();
    }
}
