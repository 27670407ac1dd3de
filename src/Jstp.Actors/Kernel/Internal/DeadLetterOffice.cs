using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Kernel.Internal;

/// <summary>
/// Counts every dead letter, and logs the first of each burst (same recipient and type of message) and the sum of the others.
/// Any thread.
/// </summary>
internal sealed partial class DeadLetterOffice(ActorSystem system, TimeSpan logInterval)
{
    /// <summary>How many bursts are told apart at a time, so that stopped actors by the million cost no memory; the rest share one sum.</summary>
    private const int MaxBursts = 1024;

    private static readonly (string, string) Others = ("(others)", "(any)");

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Path, string Type), long> _bursts = []; // how many were not logged yet
    private ITimer? _summary; // runs while there are bursts
    private long _count;

    internal event Action<DeadLetter>? Added;

    internal long Count => Volatile.Read(ref _count);

    internal void Add<TMessage>(ActorRef recipient, TMessage message, DeadLetterReason reason)
    {
        Interlocked.Increment(ref _count);
        KernelMetrics.DeadLetters.Add(1);

        if (system.Logger.IsEnabled(LogLevel.Warning))
        {
            string type = (message?.GetType() ?? typeof(TMessage)).Name;

            if (IsFirstOfBurst(recipient.Path, type))
            {
                Log.DeadLettered(system.Logger, type, recipient.Path, reason);
            }
        }

        Announce(recipient, message, reason);
    }

    /// <summary>Logs what is still only counted, and begins anew.</summary>
    internal void Flush()
    {
        KeyValuePair<(string Path, string Type), long>[] bursts;

        lock (_lock)
        {
            bursts = [.. _bursts];
            _bursts.Clear();
            _summary?.Dispose();
            _summary = null;
        }

        foreach (((string path, string type), long more) in bursts)
        {
            if (more > 0)
            {
                Log.MoreDeadLettered(system.Logger, more, type, path);
            }
        }
    }

    private bool IsFirstOfBurst(string path, string type)
    {
        lock (_lock)
        {
            (string, string) key = _bursts.Count < MaxBursts || _bursts.ContainsKey((path, type)) ? (path, type) : Others;

            if (_bursts.TryGetValue(key, out long more))
            {
                _bursts[key] = more + 1;
                return false;
            }

            _bursts.Add(key, 0);
            _summary ??= system.CreateTimer(static office => ((DeadLetterOffice)office!).Flush(), this, logInterval, Timeout.InfiniteTimeSpan);
            return true;
        }
    }

    private void Announce(ActorRef recipient, object? message, DeadLetterReason reason)
    {
        try
        {
            Added?.Invoke(new DeadLetter(recipient, message, reason));
        }
#pragma warning disable CA1031 // An observer's failure must not reach whoever told the message.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Log.ObserverFailed(system.Logger, failure);
        }
    }
}
