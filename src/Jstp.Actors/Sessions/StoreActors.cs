using Jstp.Actors.Hosting;
using Jstp.Actors.Kernel;
using Jstp.Actors.Persistence;

namespace Jstp.Actors.Sessions;

/// <summary>The actors of a node that talk to its session store.</summary>
internal sealed class StoreActors
{
    public StoreActors(JstpServer server, ISessionStore store, ActorSystem system)
    {
        system.Spawn("journal", () => new JournalActor(server, store, Journal));
        PostOffice = system.Spawn("post-office", () => new PostOffice(server, store));
        Taker = system.Spawn("taker", () => new SessionTaker(server, store));
    }

    public Journal Journal { get; } = new();

    public ActorRef<PostOfficeMessage> PostOffice { get; }

    public ActorRef<SessionTakerMessage> Taker { get; }
}
