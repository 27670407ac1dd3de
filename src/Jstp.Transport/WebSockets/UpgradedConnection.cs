using System.IO.Pipelines;
using System.Net;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// The bytes of a connection after its opening handshake, whichever way they are reached. Its owner reads and writes
/// <see cref="Transport"/>, and at the end calls <see cref="CompleteAsync"/> or <see cref="Abort"/>; the endpoint that accepted the connection must
/// not return before (specification page, K7).
/// </summary>
public abstract class UpgradedConnection
{
    private protected UpgradedConnection(IDuplexPipe transport, EndPoint? remoteEndPoint, EndPoint? localEndPoint)
    {
        Transport = transport;
        RemoteEndPoint = remoteEndPoint;
        LocalEndPoint = localEndPoint;
    }

    /// <summary>The received bytes, those that came together with the handshake first, and where to send.</summary>
    public IDuplexPipe Transport { get; }

    /// <summary>
    /// The peer's address and port; <see langword="null"/> where the transport has none, as on Unix sockets. It is a proxy's unless forwarded headers
    /// were configured (specification page, 8.4).
    /// </summary>
    public EndPoint? RemoteEndPoint { get; }

    /// <summary>The address and port that the peer came to; <see langword="null"/> where the transport has none.</summary>
    public EndPoint? LocalEndPoint { get; }

    /// <summary>The peer's address without the port.</summary>
    public IPAddress? RemoteAddress => (RemoteEndPoint as IPEndPoint)?.Address;

    /// <summary>Fires when the peer has ended or lost the connection, or it was aborted. Input that arrived before can still be read.</summary>
    public abstract CancellationToken Closed { get; }

    /// <summary>Cuts the connection off: unsent bytes are lost, the peer sees a reset. For dead and hostile peers (K6). May be called by anyone, more than once.</summary>
    public abstract void Abort();

    /// <summary>
    /// Ends the connection in order: what was flushed still goes out, then the transport ends. The endpoint may return when this completes.
    /// A peer that does not take the last bytes in time is cut off.
    /// </summary>
    /// <param name="timeout">How long the last bytes may take; infinite is allowed.</param>
    /// <param name="timeProvider">The clock of <paramref name="timeout"/>.</param>
    public abstract ValueTask CompleteAsync(TimeSpan timeout, TimeProvider timeProvider);
}
