using System.Net;
using Jstp.Transport.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Jstp.Transport.Streams;

/// <summary>Takes connections that Kestrel has accepted and that carry no HTTP.</summary>
public static class StreamConnections
{
    /// <summary>
    /// Serves a connection through the transport's own pipes: below TLS where there is TLS, otherwise without any layer between the socket and the codec.
    /// </summary>
    /// <param name="context">What Kestrel's connection middleware gets.</param>
    /// <param name="serve">Serves the connection until it was completed or aborted.</param>
    /// <returns>When this completes, the middleware must return; the connection may go on where the listener allows it (<see cref="WebHostSocketExtensions.UseJstpSockets"/>).</returns>
    public static async Task ServeAsync(ConnectionContext context, Func<UpgradedConnection, Task> serve)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(serve);

        IConnectionLifetimeFeature lifetime = context.Features.GetRequiredFeature<IConnectionLifetimeFeature>();
        EndPoint? remote = context.RemoteEndPoint as IPEndPoint; // a client of a Unix socket has no address
        EndPoint? local = context.LocalEndPoint as IPEndPoint;

        if (context.Features.Get<TransportTakeover>() is { IsPossible: true } takeover)
        {
            takeover.Begin(new KestrelConnection(takeover.Transport, lifetime, remote, local), serve);
        }
        else
        {
            await serve(new KestrelConnection(context.Transport, lifetime, remote, local));
        }
    }
}
