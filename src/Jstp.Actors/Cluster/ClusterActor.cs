using Jstp.Actors.Hosting;
using Jstp.Actors.Kernel;
using Jstp.Actors.Persistence;
using Jstp.Actors.Sessions;

namespace Jstp.Actors.Cluster;

/// <summary>
/// Speaks with the other nodes: says what this one has to say, as much as possible at once, and passes on what it hears. It stops after the sessions, so that
/// others learn of those that are released last.
/// </summary>
internal sealed partial class ClusterActor(JstpServer server, ClusterMetrics metrics) : Actor<ClusterActorMessage>
{
    private const string PurgeName = "purge";

    private readonly OutgoingMessages _outgoing = new();
    private readonly HashSet<int> _unreadableSenders = []; // whose texts could not be read, once logged

    protected override ValueTask OnStartAsync(CancellationToken stopping)
    {
        // A successor of one that failed, and what that was told last is lost.
        if (server.Membership is { } membership)
        {
            Begin(membership);
            server.Sessions.TryTell(SessionRegionMessage.CollectAll.Instance);
        }

        return ValueTask.CompletedTask;
    }

    protected override ValueTask ReceiveAsync(ClusterActorMessage message, CancellationToken stopping)
    {
        switch (message)
        {
            case ClusterActorMessage.Joined joined:
                Begin(joined.Membership);
                break;
            case ClusterActorMessage.Say say:
                Say(say);
                break;
            case ClusterActorMessage.Publish:
                Publish();
                break;
            case ClusterActorMessage.Heard heard:
                Hear(heard.Message);
                break;
            case ClusterActorMessage.Missed:
                server.Sessions.TryTell(SessionRegionMessage.CollectAll.Instance);
                break;
            case ClusterActorMessage.CutOff cutOff:
                OnCutOff(cutOff.IsCutOff);
                break;
        }

        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnStoppedAsync()
    {
        Publish();

        return ValueTask.CompletedTask;
    }

    private void Begin(INodeMembership membership)
    {
        if (Context.Child(PurgeName) is null)
        {
            Context.Spawn(PurgeName, () => new PurgeActor(server.Options, membership, metrics));
        }
    }

    private void Say(ClusterActorMessage.Say say)
    {
        if (server.Membership is not { } membership)
        {
            return; // nobody has heard of this node yet
        }

        if (say.Node == membership.Number)
        {
            Handle(say.Message, membership.Number);

            return;
        }

        // Whatever waits in the mailbox now is said together.
        if (_outgoing.IsEmpty)
        {
            Context.Self.Tell(ClusterActorMessage.Publish.Instance);
        }

        _outgoing.Add(say.Node, say.Message);
    }

    private void Publish()
    {
        foreach ((int? node, IReadOnlyList<ClusterMessage> messages) in _outgoing.TakeAll())
        {
            server.Membership!.Bus.Publish(node, ClusterMessageCodec.Encode(messages));
            metrics.Said();
        }
    }

    private void Hear(BusMessage heard)
    {
        metrics.Heard();

        if (ClusterMessageCodec.Decode(heard.Text.Span, out int ignoredCount) is not { } messages)
        {
            metrics.Unreadable();

            if (_unreadableSenders.Add(heard.Sender))
            {
                LogUnreadable(server.Logger, heard.Sender);
            }

            return;
        }

        if (ignoredCount > 0)
        {
            metrics.Unknown(ignoredCount); // of a newer node: while the cluster is updated nothing is wrong with that
        }

        foreach (ClusterMessage message in messages)
        {
            Handle(message, heard.Sender);
        }
    }

    private void Handle(ClusterMessage message, int sender)
    {
        switch (message)
        {
            case ClusterMessage.HandOver handOver:
                server.Sessions.TryTell(new SessionRegionMessage.HandOver(handOver.SessionIds, sender));
                break;
            case ClusterMessage.Released released:
                server.Sessions.TryTell(new SessionRegionMessage.Released(released.SessionIds));
                break;
            case ClusterMessage.Posted posted:
                server.Sessions.TryTell(new SessionRegionMessage.Collect(posted.SessionKeys));
                break;
            case ClusterMessage.Broadcast broadcast:
                server.BroadcastHere(broadcast.Application, broadcast.Tail);
                break;
            case ClusterMessage.DisconnectUser user:
                server.DisconnectUserHere(user.Application, user.UserName);
                break;
            case ClusterMessage.DisconnectSession session:
                server.DisconnectSessionHere(session.SessionId);
                break;
            case ClusterMessage.NodesChanged:
                server.OnNodesChanged();
                break;
        }
    }

    private void OnCutOff(bool isCutOff)
    {
        if (isCutOff)
        {
            LogCutOff(server.Logger);
        }
        else
        {
            LogReturned(server.Logger);
        }

        server.Sessions.TryTell(new SessionRegionMessage.CutOff(isCutOff));
    }
}
