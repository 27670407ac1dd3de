using Jstp.Client.Connections;
using Jstp.Client.Remote;

namespace Jstp.Client;

/// <summary>A connection, and the interfaces that were inspected over it.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Api">The interfaces by their names.</param>
public sealed record JstpInspectedConnection(JstpClientConnection Connection, IReadOnlyDictionary<string, JstpRemoteProxy> Api);
