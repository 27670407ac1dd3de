namespace Jstp.Transport.WebSockets;

/// <summary>What <see cref="KeepAlive.Check"/> asks for.</summary>
public enum KeepAliveAction : byte
{
    /// <summary>Nothing; ask again after <see cref="KeepAlive.GetDelay"/>.</summary>
    None,

    /// <summary>Write an empty ping, and tell <see cref="KeepAlive.OnPingSent"/> when it is flushed.</summary>
    SendPing,

    /// <summary>The peer is dead: abort without a Close frame, which is reported as 1006.</summary>
    Drop,
}
