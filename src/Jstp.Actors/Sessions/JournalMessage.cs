namespace Jstp.Actors.Sessions;

/// <summary>What the <see cref="JournalActor"/> is told.</summary>
internal abstract record JournalMessage
{
    /// <summary>There is something to write.</summary>
    public sealed record Changed : JournalMessage
    {
        public static Changed Instance { get; } = new();
    }

    /// <summary>What was there has waited long enough for company, or for the store to come back.</summary>
    public sealed record Due : JournalMessage
    {
        public static Due Instance { get; } = new();
    }
}
