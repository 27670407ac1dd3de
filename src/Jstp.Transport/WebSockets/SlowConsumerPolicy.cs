namespace Jstp.Transport.WebSockets;

/// <summary>What happens to a message when <see cref="WebSocketServerOptions.MaxSendBacklog"/> is exceeded.</summary>
public enum SlowConsumerPolicy
{
    /// <summary>It waits its turn; who awaits the send feels the backpressure.</summary>
    Wait,

    /// <summary>It is not sent; the send fails with <see cref="WebSocketBacklogException"/>.</summary>
    Drop,

    /// <summary>The connection is closed with 1013, and the send fails with <see cref="WebSocketBacklogException"/>.</summary>
    Close,
}
