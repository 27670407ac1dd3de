namespace Jstp.Actors.Sessions;

/// <summary>What the <see cref="JournalActor"/> is told.</summary>
internal abstract record JournalMessage
{
    /// <summary>There is something to write.</summary>
    public sealed record Changed : JournalMessage
    {
        public static Changed Instance { get; } = new();
    }

    /// <summary>The store may have come back.</summary>
    public sealed record RetryDue : JournalMessage
    {
        public static RetryDue Instance { get; } = new();
    }

    /// <summary>What was there has waited long enough for company, or somebody waits for it.</summary>
    public sealed record Due : JournalMessage
    {
        public static Due Instance { get; } = new();
    }
}
