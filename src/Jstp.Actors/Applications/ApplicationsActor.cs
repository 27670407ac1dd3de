using Jstp.Actors.Hosting;
using Jstp.Actors.Kernel;

namespace Jstp.Actors.Applications;

/// <summary>All applications of the server, an actor for each version of each name.</summary>
internal sealed class ApplicationsActor(JstpServer server) : Actor<ApplicationsMessage>
{
    private readonly Dictionary<string, ActorRef<ApplicationsMessage>> _applications = new(StringComparer.Ordinal);

    protected override ValueTask ReceiveAsync(ApplicationsMessage message, CancellationToken stopping)
    {
        if (message is ApplicationsMessage.Admit admit)
        {
            Find(admit.Admission.Application).Tell(admit);
        }

        return ValueTask.CompletedTask;
    }

    private ActorRef<ApplicationsMessage> Find(JstpApplication application)
    {
        // What means something in the path of an actor must not come from a name; names that differ in it only share a supervisor.
        string name = application.ToString().Replace('/', '_').Replace('$', '_');

        if (!_applications.TryGetValue(name, out ActorRef<ApplicationsMessage>? actor))
        {
            actor = Context.Spawn(name, () => new ApplicationActor(server));
            _applications.Add(name, actor);
        }

        return actor;
    }
}
