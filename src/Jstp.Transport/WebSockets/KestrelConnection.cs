using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections.Features;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// An upgraded HTTP/1.1 connection through Kestrel's own transport pipes: no copy and no HTTP machinery between the socket and the codec. Kestrel does
/// not touch them between the upgrade and the return of the endpoint, and its timeouts are not armed on them.
/// </summary>
internal sealed class KestrelConnection(
    IDuplexPipe transport,
    IConnectionLifetimeFeature lifetime,
    EndPoint? remoteEndPoint,
    EndPoint? localEndPoint) : UpgradedConnection(transport, remoteEndPoint, localEndPoint)
{
    public override CancellationToken Closed => lifetime.ConnectionClosed;

    public override void Abort() => lifetime.Abort();

    public override ValueTask CompleteAsync(TimeSpan timeout, TimeProvider timeProvider)
    {
        // Kestrel ends the transport when the endpoint returns, and then waits for the last byte as long as the peer likes.
        if (timeout != Timeout.InfiniteTimeSpan && !lifetime.ConnectionClosed.IsCancellationRequested)
        {
            _ = new CompletionWatchdog(lifetime, timeout, timeProvider);
        }

        return ValueTask.CompletedTask;
    }
}
