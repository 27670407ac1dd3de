using Jstp.Actors.Persistence;

namespace Jstp.Actors.Sessions;

/// <summary>What the <see cref="PostOffice"/> is told.</summary>
internal abstract record PostOfficeMessage
{
    /// <summary>An event is to be left for a session that is not in the memory of this node.</summary>
    public sealed record Post(SessionPost Item) : PostOfficeMessage;

    /// <summary>What has come in is to be delivered.</summary>
    public sealed record Due : PostOfficeMessage
    {
        public static Due Instance { get; } = new();
    }
}
