using System.Buffers.Binary;

namespace Jstp.Transport.WebSockets;

/// <summary>Pings of one connection that were sent to be timed, and wait for their pongs. Thread-safe.</summary>
internal sealed class PingTimes(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly List<Pending> _pending = [];
    private long _lastNumber;

    /// <summary>Makes a ping that no other is like.</summary>
    public Pending Create()
    {
        byte[] payload = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(payload, Interlocked.Increment(ref _lastNumber));
        return new Pending(payload);
    }

    /// <summary>The ping is about to leave.</summary>
    public void Start(Pending ping)
    {
        lock (_lock)
        {
            ping.SentAt = clock.GetTimestamp();
            _pending.Add(ping);
        }
    }

    /// <summary>Nobody waits for the ping any more.</summary>
    public void Forget(Pending ping)
    {
        lock (_lock)
        {
            _pending.Remove(ping);
        }
    }

    /// <summary>A pong came.</summary>
    /// <returns>How long it took; <see langword="null"/> when it answers none of the pings.</returns>
    public TimeSpan? OnPong(ReadOnlySpan<byte> payload)
    {
        Pending? answered = null;

        lock (_lock)
        {
            foreach (Pending ping in _pending)
            {
                if (payload.SequenceEqual(ping.Payload))
                {
                    answered = ping;
                    break;
                }
            }

            if (answered is null)
            {
                return null;
            }

            _pending.Remove(answered);
        }

        TimeSpan duration = clock.GetElapsedTime(answered.SentAt);
        answered.Answer.TrySetResult(duration);
        return duration;
    }

    /// <summary>The connection ended: no pong will come.</summary>
    public void Fail(Exception reason)
    {
        lock (_lock)
        {
            foreach (Pending ping in _pending)
            {
                ping.Answer.TrySetException(reason);
            }

            _pending.Clear();
        }
    }

    /// <summary>One ping.</summary>
    internal sealed class Pending(byte[] payload)
    {
        public byte[] Payload { get; } = payload;

        public long SentAt { get; set; }

        public TaskCompletionSource<TimeSpan> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
