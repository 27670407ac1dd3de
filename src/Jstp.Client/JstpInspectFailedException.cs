using Jstp.Client.Connections;

namespace Jstp.Client;

/// <summary>The connection was made, but an interface could not be inspected. The connection stays, and is the caller's to close.</summary>
/// <param name="connection">The connection.</param>
/// <param name="interfaceName">The first interface that failed.</param>
/// <param name="error">Why.</param>
public sealed class JstpInspectFailedException(JstpClientConnection connection, string interfaceName, Exception error)
    : Exception($"The interface '{interfaceName}' could not be inspected: {error?.Message}", error)
{
    /// <summary>The connection, which works.</summary>
    public JstpClientConnection Connection { get; } = connection;

    /// <summary>The first interface that failed.</summary>
    public string InterfaceName { get; } = interfaceName;
}
