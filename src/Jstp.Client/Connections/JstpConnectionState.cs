namespace Jstp.Client.Connections;

/// <summary>Whether a connection can reach its server.</summary>
public enum JstpConnectionState : byte
{
    /// <summary>The server can be reached.</summary>
    Connected,

    /// <summary>The connection was lost and is being restored. Calls and events are kept until then.</summary>
    Reconnecting,

    /// <summary>The connection has ended for good.</summary>
    Closed,
}
