using System.Globalization;
using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Jstp.Actors.Kernel;

namespace Jstp.Actors.Applications;

/// <summary>Supervises the connections that were opened under one version of an application.</summary>
internal sealed class ApplicationActor(JstpServer server) : Actor<ApplicationsMessage>
{
    private long _lastConnection;

    // What a failed connection was doing is unknown, but its session is whole: the client comes back and resumes it.
    protected override SupervisionStrategy Supervision => SupervisionStrategy.Stopping;

    protected override ValueTask ReceiveAsync(ApplicationsMessage message, CancellationToken stopping)
    {
        if (message is ApplicationsMessage.Admit admit)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"connection-{++_lastConnection}");
            Context.Spawn(name, () => new ConnectionActor(server, admit.Admission));
        }

        return ValueTask.CompletedTask;
    }
}
