namespace Jstp.Transport.WebSockets;

/// <summary>A received ping on its way to the application, which may keep the pong from being sent.</summary>
public sealed class WebSocketPing
{
    internal WebSocketPing(ReadOnlyMemory<byte> payload) => Payload = payload;

    /// <summary>What the pong would repeat; valid until the callback completes.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Whether the pong is kept back.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>Keeps the pong back.</summary>
    public void Cancel() => IsCancelled = true;
}
