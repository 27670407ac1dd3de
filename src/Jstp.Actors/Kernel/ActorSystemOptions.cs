using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jstp.Actors.Kernel;

/// <summary>What an <see cref="ActorSystem"/> is built from. Read once, when the system is made.</summary>
public sealed class ActorSystemOptions
{
    /// <summary>Where time comes from. The default is the system clock.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Where the kernel and its actors log. The default logs nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    /// <summary>Answers failures of top-level actors, and of the children of actors that bring no strategy of their own.</summary>
    public SupervisionStrategy DefaultSupervision { get; set; } = SupervisionStrategy.Default;

    /// <summary>
    /// How many messages an actor handles before it gives the thread to the next one, at least 1. The default, 64, is some
    /// tens of microseconds of work: long enough to pay for the hand-over, short enough that nobody waits noticeably.
    /// </summary>
    public int Throughput { get; set; } = 64;

    /// <summary>
    /// How often the same dead letter (recipient and type of message) is logged; those in between are counted and logged as one sum.
    /// The default is 10 s.
    /// </summary>
    public TimeSpan DeadLetterLogInterval { get; set; } = TimeSpan.FromSeconds(10);
}
