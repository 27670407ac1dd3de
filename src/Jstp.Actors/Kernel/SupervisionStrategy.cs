namespace Jstp.Actors.Kernel;

/// <summary>
/// How a parent answers the failures of its children: each child for itself (one for one), by exception, with a growing
/// pause between restarts and a limit on their number. Immutable; one strategy may serve any number of parents.
/// </summary>
public sealed record SupervisionStrategy
{
    /// <summary>Restarts without limit, after 100 ms at first and 30 s at most.</summary>
    public static SupervisionStrategy Default { get; } = new();

    /// <summary>Stops whatever fails.</summary>
    public static SupervisionStrategy Stopping { get; } = new() { Decider = static _ => SupervisionDirective.Stop };

    /// <summary>Hands every failure on to the parent's parent.</summary>
    public static SupervisionStrategy Escalating { get; } = new() { Decider = static _ => SupervisionDirective.Escalate };

    /// <summary>Chooses by exception. The default restarts always; a decider that throws itself escalates what it threw.</summary>
    public Func<Exception, SupervisionDirective> Decider { get; init; } = static _ => SupervisionDirective.Restart;

    /// <summary>How many restarts a child gets within <see cref="Window"/>, 0 or more; <see langword="null"/>, the default, is no limit.</summary>
    public int? MaxRestarts
    {
        get;
        init
        {
            if (value is { } count)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(MaxRestarts));
            }

            field = value;
        }
    }

    /// <summary>The sliding window that <see cref="MaxRestarts"/> counts in, above zero. The default is 1 minute.</summary>
    public TimeSpan Window
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, nameof(Window));
            field = value;
        }
    } = TimeSpan.FromMinutes(1);

    /// <summary>What happens at the failure that would exceed <see cref="MaxRestarts"/>: stop (the default) or escalate.</summary>
    public SupervisionDirective WhenExceeded
    {
        get;
        init
        {
            if (value is not (SupervisionDirective.Stop or SupervisionDirective.Escalate))
            {
                throw new ArgumentException($"A child beyond its restarts can stop or escalate, not {value}.", nameof(WhenExceeded));
            }

            field = value;
        }
    } = SupervisionDirective.Stop;

    /// <summary>The pause before the first restart; each further one in a row doubles it. Zero restarts at once. The default is 100 ms.</summary>
    public TimeSpan MinBackoff
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(MinBackoff));
            field = value;
        }
    } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The longest pause; below <see cref="MinBackoff"/> it counts as that. A child that ran this long since its last restart
    /// is taken for healthy, and the pauses begin again at <see cref="MinBackoff"/>. The default is 30 s.
    /// </summary>
    public TimeSpan MaxBackoff
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(MaxBackoff));
            field = value;
        }
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// By which fraction of itself a pause may grow at random, 0 to 1, so that actors that failed together do not come back together.
    /// The default is 0.
    /// </summary>
    public double Jitter
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 0, nameof(Jitter));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1, nameof(Jitter));
            field = value;
        }
    }
}
