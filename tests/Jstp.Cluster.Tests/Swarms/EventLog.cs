namespace Jstp.Cluster.Tests.Swarms;

/// <summary>
/// What one session has received. Events carry a number, and maybe the name of their stream; within a stream the numbers are 1, 2, 3, …, so that every
/// loss, repetition and wrong order shows.
/// </summary>
internal sealed class EventLog
{
    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);

    /// <summary>Events that were received, repetitions included.</summary>
    public long Count { get; private set; }

    /// <summary>Numbers that were passed over.</summary>
    public long MissingCount { get; private set; }

    /// <summary>Events whose number was there before.</summary>
    public long RepeatedCount { get; private set; }

    /// <summary>The first thing that was wrong; null if nothing was.</summary>
    public string? FirstFault { get; private set; }

    /// <summary>The streams of which something came.</summary>
    public IReadOnlyCollection<string> Streams => _last.Keys;

    /// <summary>The last number of a stream; 0 if nothing of it came.</summary>
    public long LastOf(string stream) => _last.GetValueOrDefault(stream);

    /// <summary>Goes on where another log is.</summary>
    public void ContinueFrom(EventLog other)
    {
        foreach ((string stream, long last) in other._last)
        {
            _last[stream] = last;
        }
    }

    /// <summary>Takes an event.</summary>
    public void Add(string stream, long number)
    {
        long last = LastOf(stream);
        Count++;

        if (number > last)
        {
            _last[stream] = number;
        }

        if (number == last + 1)
        {
            return;
        }

        FirstFault ??= $"{stream} {number} came behind {last}";

        if (number <= last)
        {
            RepeatedCount++;
        }
        else
        {
            MissingCount += number - last - 1;
        }
    }
}
