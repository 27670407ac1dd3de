using System.Diagnostics.CodeAnalysis;
using Jstp.Actors.Cluster;
using Jstp.Actors.Connections;
using Jstp.Actors.Persistence;
using Jstp.Transport.Mdsf;

namespace Jstp.Fixtures;

/// <summary>Through it a test has a node act on its whole cluster. Where an application is asked for, null stands for all.</summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Methods of an interface class are instance methods.")]
public sealed class ClusterInterface
{
    /// <summary>The name of the node that the client is connected to.</summary>
    public string Node(JstpConnection connection) => connection.Server.Node;

    /// <summary>The id of the client's own session.</summary>
    public string Session(JstpConnection connection) => connection.SessionId;

    /// <summary>The names and states of all nodes, oldest first.</summary>
    public async Task<MdsfValue> Nodes(JstpConnection connection)
    {
        IReadOnlyList<NodeInfo> nodes = await connection.Server.Cluster.GetNodesAsync();

        return MdsfValue.CreateArray([.. nodes.Select(node => MdsfValue.CreateObject(
            ("number", node.Number), ("name", node.Name), ("state", node.State.ToString())))]);
    }

    /// <summary>The sessions of an application and a user that are connected, or not, or (null) either; each with the number of the node that owns it.</summary>
    public async Task<MdsfValue> Presence(JstpConnection connection, string? application, string? user, bool? connected)
    {
        IReadOnlyList<SessionPresence> sessions = await connection.Server.Cluster.FindSessionsAsync(
            new SessionFilter(application, user, IsConnected: connected), JstpCluster.MaxFoundSessions);

        return MdsfValue.CreateArray([.. sessions.Select(session => MdsfValue.CreateObject(
            ("session", session.SessionId),
            ("application", session.Application),
            ("user", session.UserName is { } name ? name : MdsfValue.Null),
            ("owner", session.Owner is { } owner ? owner : MdsfValue.Null),
            ("connected", session.IsConnected)))]);
    }

    /// <summary>Sends an event to every connected client of an application.</summary>
    public Task Broadcast(JstpConnection connection, string? application, string @interface, string name, MdsfValue[] args)
    {
        object?[] arguments = [.. args];

        return application is null
            ? connection.Server.Cluster.BroadcastAsync(@interface, name, arguments)
            : connection.Server.Cluster.BroadcastToAsync(application, @interface, name, arguments);
    }

    /// <summary>Leaves an event for all sessions of a user; answers with how many there are.</summary>
    public Task<int> SendToUser(JstpConnection connection, string? application, string user, string @interface, string name, MdsfValue[] args) =>
        connection.Server.Cluster.SendToUserAsync(application, user, @interface, name, [.. args]);

    /// <summary>Leaves an event for a session; answers with whether there is one.</summary>
    public Task<bool> SendToSession(JstpConnection connection, string session, string @interface, string name, MdsfValue[] args) =>
        connection.Server.Cluster.SendToSessionAsync(session, @interface, name, [.. args]);

    /// <summary>Closes all connections of a user.</summary>
    public Task DisconnectUser(JstpConnection connection, string? application, string user) =>
        connection.Server.Cluster.DisconnectUserAsync(application, user);

    /// <summary>Closes the connection of a session.</summary>
    public Task DisconnectSession(JstpConnection connection, string session) => connection.Server.Cluster.DisconnectSessionAsync(session);

    /// <summary>Has the node that the client is connected to send all its clients away; answers at once.</summary>
    public void Drain(JstpConnection connection) => _ = connection.Server.DrainAsync();
}
