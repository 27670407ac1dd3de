namespace Jstp.Actors.Kernel;

/// <summary>How one actor is to be run.</summary>
public sealed record ActorProps
{
    /// <summary>Unbounded mailbox: the sender's own limits hold.</summary>
    public static ActorProps Default { get; } = new();

    /// <summary>
    /// How many messages may wait, at least 1; further ones become dead letters, the newest first. <see langword="null"/>, the default, is no limit.
    /// Timer messages and termination notices do not count: the actor itself limits how many there are.
    /// </summary>
    public int? MailboxCapacity
    {
        get;
        init
        {
            if (value is { } capacity)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1, nameof(MailboxCapacity));
            }

            field = value;
        }
    }
}
