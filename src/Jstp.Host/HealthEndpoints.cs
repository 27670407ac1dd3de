using Jstp.Actors.Hosting;
using Jstp.Actors.Persistence;

namespace Jstp.Host;

/// <summary>
/// Tells load balancers and supervisors how the node is: <c>/health/live</c> as long as it runs, <c>/health/ready</c> as long as clients should be sent to it.
/// </summary>
internal static class HealthEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapHealth(this WebApplication node)
    {
        JstpServer server = node.Services.GetRequiredService<JstpServer>();
        node.MapMethods("/health/live", Methods, static () => Results.Text("live"));
        node.MapMethods("/health/ready", Methods, () =>
            Results.Text(Describe(server), statusCode: server.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable));
    }

    private static string Describe(JstpServer server) => server.State switch
    {
        NodeState.Starting => "starting",
        NodeState.Draining => "draining",
        _ when server.IsReady => "ready",
        _ when server.HasCluster && server.Cluster.IsCutOff => "cut off from the session store",
        _ => "stopping",
    };
}
