using Jstp.Actors.Connections;
using Jstp.Actors.Kernel;

namespace Jstp.Actors.Sessions;

/// <summary>Holds a session that only the storage has: whatever is sent to its client brings it back into memory.</summary>
internal sealed class PassiveSession(ActorRef<SessionRegionMessage> region, JstpConnection connection) : ISessionHolder
{
    public bool IsCurrent => false;

    /// <summary>A provider may be slow to load the session. What is for the store goes on to the post office at once, which has a limit of its own.</summary>
    public bool BoundsOutbox => connection.Server.StorageOf(connection.Application) is not null;

    public void Handle(OutboxItem item) => throw new InvalidOperationException("A session that is not in memory has no turns.");

    public void NotifyOutbox() => region.TryTell(new SessionRegionMessage.Wake(connection));
}
