using BenchmarkDotNet.Attributes;
using Jstp.Actors.Kernel;

namespace Jstp.Benchmarks.Kernel;

/// <summary>
/// What it costs to hand a message to an actor: by a direct call (the baseline, a lock), on the caller's thread
/// (<see cref="ActorRef{TMessage}.Enter"/>), and through the mailbox.
/// </summary>
[MemoryDiagnoser]
public class ActorBenchmarks
{
    private const int MessageCount = 10_000;

    private readonly Lock _lock = new();
    private readonly Counter _counter = new();
    private ActorSystem _system = null!;
    private ActorRef<int> _actor = null!;
    private long _locked;

    [GlobalSetup]
    public void Setup()
    {
        _system = new ActorSystem("bench");
        _actor = _system.Spawn<int>("counter", () => _counter);

        Tell();
        Check.That(_counter.Handled == MessageCount, "every message told is handled");
        Enter();
        Check.That(_counter.Handled == 2 * MessageCount, "every message entered is handled when Enter returns");
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = MessageCount)]
    public void LockedIncrement()
    {
        for (int i = 0; i < MessageCount; i++)
        {
            lock (_lock)
            {
                _locked++;
            }
        }
    }

    /// <summary>The actor is idle each time, as a connection's is when bytes arrive.</summary>
    [Benchmark(OperationsPerInvoke = MessageCount)]
    public void Enter()
    {
        _counter.Expect(MessageCount);

        for (int i = 0; i < MessageCount; i++)
        {
            _actor.Enter(i);
        }

        _counter.Done.Wait();
    }

    /// <summary>One sender fills the mailbox while the thread pool empties it.</summary>
    [Benchmark(OperationsPerInvoke = MessageCount)]
    public void Tell()
    {
        _counter.Expect(MessageCount);

        for (int i = 0; i < MessageCount; i++)
        {
            _actor.Tell(i);
        }

        _counter.Done.Wait();
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        Check.That(_locked >= 0, "the baseline is not optimized away");
        await _system.DisposeAsync();
    }
}
