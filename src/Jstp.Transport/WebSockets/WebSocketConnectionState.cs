namespace Jstp.Transport.WebSockets;

/// <summary>How far a connection is on its way to the end (specification page, section 4).</summary>
public enum WebSocketConnectionState : byte
{
    /// <summary>Messages flow both ways.</summary>
    Open,

    /// <summary>The peer's Close arrived and was answered; the transport has not ended yet.</summary>
    CloseReceived,

    /// <summary>Our Close was written; whatever the peer still sends is discarded, up to its Close.</summary>
    CloseSent,

    /// <summary>Finished: both Close frames were seen, or the transport ended.</summary>
    Closed,

    /// <summary>Cut off without waiting for the peer.</summary>
    Aborted,
}
