using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Jstp.Actors.Persistence;
using Jstp.Actors.Persistence.Memory;
using Jstp.TestKit;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>A session store in memory whose writes take a time, by the clock of the test, and are counted.</summary>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "The runtime derives the proxy from it.")]
internal class SlowWrites : DispatchProxy
{
    private MemorySessionStore _inner = null!; // both set at once; the runtime makes the proxy without arguments
    private ManualTimeProvider _time = null!;

    /// <summary>What one write takes.</summary>
    public TimeSpan Duration { get; set; }

    public int Count { get; private set; }

    public static (ISessionStore Store, SlowWrites Writes) Create(ManualTimeProvider time)
    {
        ISessionStore store = Create<ISessionStore, SlowWrites>();
        var writes = (SlowWrites)store;
        (writes._inner, writes._time) = (new MemorySessionStore(time), time);

        return (store, writes);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(ISessionStore.WriteAsync))
        {
            Count++;
            _time.Advance(Duration);
        }

        return targetMethod.Invoke(_inner, args);
    }
}
