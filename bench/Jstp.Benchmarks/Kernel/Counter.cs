using Jstp.Actors.Kernel;

namespace Jstp.Benchmarks.Kernel;

/// <summary>Counts its messages and tells when a number of them is reached: the least that an actor can do.</summary>
internal sealed class Counter : Actor<int>
{
    private int _missing;

    /// <summary>Messages handled so far; read it when the actor is idle.</summary>
    public long Handled { get; private set; }

    /// <summary>Signalled when as many messages were handled as <see cref="Expect"/> announced.</summary>
    public ManualResetEventSlim Done { get; } = new();

    /// <summary>Says how many messages will come; call it while the actor is idle.</summary>
    public void Expect(int count)
    {
        _missing = count;
        Done.Reset();
    }

    protected override ValueTask ReceiveAsync(int message, CancellationToken stopping)
    {
        Handled++;

        if (--_missing == 0)
        {
            Done.Set();
        }

        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnStoppedAsync()
    {
        Done.Dispose();
        return ValueTask.CompletedTask;
    }
}
