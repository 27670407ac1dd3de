using Jstp.Actors.Hosting;
using Jstp.Actors.Kernel;

namespace Jstp.Actors.Connections;

/// <summary>Supervises the connections that have not completed their handshake.</summary>
internal sealed class LobbyActor(JstpServer server) : Actor<LobbyMessage>
{
    protected override SupervisionStrategy Supervision => SupervisionStrategy.Stopping;

    protected override ValueTask ReceiveAsync(LobbyMessage message, CancellationToken stopping)
    {
        if (message is LobbyMessage.Arrived arrived)
        {
            Context.Spawn(() => new HandshakeActor(server, arrived.Channel));
        }

        return ValueTask.CompletedTask;
    }
}
