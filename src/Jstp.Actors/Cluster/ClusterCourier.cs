using Jstp.Actors.Hosting;
using Jstp.Actors.Sessions;

namespace Jstp.Actors.Cluster;

/// <summary>Carries what sessions have to say to other nodes to the <see cref="ClusterActor"/>, which says it together with whatever else there is.</summary>
internal sealed class ClusterCourier(JstpServer server) : ISessionCourier
{
    public void AskForHandOver(int node, string sessionId) => server.Say(node, new ClusterMessage.HandOver([sessionId]));

    public void TellReleased(int node, string sessionId) => server.Say(node, new ClusterMessage.Released([sessionId]));

    public void TellPosted(int node, long key) => server.Say(node, new ClusterMessage.Posted([key]));
}
