using Jstp.Actors.Applications.Dispatch;
using Jstp.Actors.Persistence;
using Jstp.Actors.Sessions;
using Jstp.Transport.Channels;

namespace Jstp.Actors.Connections;

/// <summary>Something that application code asked of a connection, from whatever thread. Whoever holds the session carries it out.</summary>
internal abstract record OutboxItem
{
    /// <summary>An event, a call or an inspect.</summary>
    /// <param name="Kind">Which of them.</param>
    /// <param name="Tail">The text behind the id.</param>
    /// <param name="Request">Waits for the answer; null for events.</param>
    /// <param name="IsPost">See <see cref="OutgoingMessage.IsPost"/>.</param>
    /// <param name="IsShared">Whether other sessions get the same text.</param>
    public sealed record Send(
        OutgoingKind Kind, ReadOnlyMemory<byte> Tail, PendingRequest? Request = null, bool IsPost = false, bool IsShared = false) : OutboxItem;

    /// <summary>A ping whose pong somebody waits for.</summary>
    public sealed record Ping(PendingRequest Request) : OutboxItem;

    /// <summary>The outcome of a call that was not over when its turn ended.</summary>
    public sealed record Answer(CallTicket Ticket, ReadOnlyMemory<byte> Text) : OutboxItem;

    /// <summary>An event that was left in the store for the session.</summary>
    public sealed record Post(StoredPost Item) : OutboxItem
    {
        /// <summary>The event as one of the session's own, which it becomes.</summary>
        public Send ToSend() => new(OutgoingKind.Event, Item.Tail, IsPost: true);
    }

    /// <summary>The application has changed values of the session, which are to be written.</summary>
    public sealed record Record : OutboxItem
    {
        public static Record Instance { get; } = new();
    }

    /// <summary>Ends the connection in order; the session stays.</summary>
    /// <param name="Reason">What the client is told.</param>
    public sealed record Close(ChannelClose Reason) : OutboxItem
    {
        public static Close Normal { get; } = new(ChannelClose.Normal);

        public static Close GoingAway { get; } = new(ChannelClose.GoingAway);
    }

    /// <summary>Cuts the connection off; the session stays.</summary>
    public sealed record Abort : OutboxItem
    {
        public static Abort Instance { get; } = new();
    }
}
