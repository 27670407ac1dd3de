using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Jstp.Transport.WebSockets;

public sealed partial class WebSocketHandshake
{
    private const string RejectReasonHeader = "X-WebSocket-Reject-Reason";

    private static readonly ReadOnlyMemory<byte> UpgradeRequired = "Upgrade Required"u8.ToArray();

    /// <summary>
    /// Answers that the connection is accepted. Cookies and further headers may be set on the response before. The endpoint must not return before
    /// the connection was completed or aborted.
    /// </summary>
    /// <param name="protocol">The subprotocol to speak, in the client's spelling (see <see cref="FindProtocol"/>); <see langword="null"/> is none.</param>
    /// <param name="extensions">The value of <c>Sec-WebSocket-Extensions</c>, when any was agreed on.</param>
    /// <param name="preferTransport">Whether to use the server's transport itself where that is possible, which is faster, rather than its stream.</param>
    /// <exception cref="WebSocketHandshakeAbortedException">The client is gone.</exception>
    /// <exception cref="WebSocketHandshakeException">The HTTP server upgrades no further connections; 503 was answered.</exception>
    public async Task<UpgradedConnection> AcceptAsync(string? protocol = null, string? extensions = null, bool preferTransport = true)
    {
        IHeaderDictionary headers = HttpContext.Response.Headers;

        if (protocol is not null)
        {
            headers.SecWebSocketProtocol = protocol;
        }

        if (extensions is not null)
        {
            headers.SecWebSocketExtensions = extensions;
        }

        LiftLimits();

        try
        {
            Stream stream = await UpgradeAsync();
            return Connect(stream, preferTransport);
        }
        catch (InvalidOperationException exception) when (!HttpContext.Response.HasStarted)
        {
            // Specification page, K8.
            await RefuseAsync(HttpContext, StatusCodes.Status503ServiceUnavailable, "Too many connections.");
            throw new WebSocketHandshakeException(StatusCodes.Status503ServiceUnavailable, "The HTTP server has reached its limit of upgraded connections.", exception);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            throw new WebSocketHandshakeAbortedException(exception);
        }
    }

    /// <summary>
    /// Answers that the connection is accepted, and serves it. Where the server allows it (<see cref="WebHostSocketExtensions.UseJstpSockets"/>), the
    /// request ends at once and the connection goes on without it; otherwise this completes when the connection has ended. Either way the endpoint
    /// returns when this does.
    /// </summary>
    /// <param name="protocol">The subprotocol to speak, in the client's spelling; <see langword="null"/> is none.</param>
    /// <param name="serve">Serves the connection until it was completed or aborted. It must not use the request, unless that is kept.</param>
    /// <param name="extensions">The value of <c>Sec-WebSocket-Extensions</c>, when any was agreed on.</param>
    /// <param name="keepRequest">Whether the request stays open as long as the connection; see <see cref="WebSocketServerOptions.KeepRequest"/>.</param>
    /// <exception cref="WebSocketHandshakeAbortedException">The client is gone.</exception>
    /// <exception cref="WebSocketHandshakeException">The HTTP server upgrades no further connections; 503 was answered.</exception>
    public async Task AcceptAsync(string? protocol, Func<UpgradedConnection, Task> serve, string? extensions = null, bool keepRequest = false)
    {
        ArgumentNullException.ThrowIfNull(serve);

        if (keepRequest)
        {
            await serve(await AcceptAsync(protocol, extensions));
            return;
        }

        (UpgradedConnection connection, TransportTakeover? takeover) = await AcceptOutlivingAsync(protocol, extensions);

        if (takeover is not null)
        {
            takeover.Begin(connection, serve);
        }
        else
        {
            await serve(connection);
        }
    }

    /// <summary>Answers that the connection is accepted.</summary>
    /// <returns>The connection, and what lets it outlive the request where the server allows that.</returns>
    internal async Task<(UpgradedConnection Connection, TransportTakeover? Takeover)> AcceptOutlivingAsync(string? protocol, string? extensions)
    {
        UpgradedConnection connection = await AcceptAsync(protocol, extensions);

        if (connection is not KestrelConnection || HttpContext.Features.Get<TransportTakeover>() is not { IsPossible: true } takeover)
        {
            return (connection, null);
        }

        takeover.Detach();
        return (Connect(takeover.Transport), takeover);
    }

    /// <summary>Refuses a request that is not sound.</summary>
    public static Task RefuseAsync(HttpContext context, WebSocketHandshakeError error, bool allowVersion8 = true)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(error);

        if (error.StatusCode == StatusCodes.Status426UpgradeRequired)
        {
            // RFC 9110, 15.5.22 and RFC 6455, 4.4: what to upgrade to, and the versions that would do.
            context.Response.Headers.Upgrade = "websocket";
            context.Response.Headers.SecWebSocketVersion = allowVersion8 ? "13, 8" : "13";
            context.Response.ContentType = "text/plain";
            return RefuseAsync(context, error.StatusCode, error.Reason, UpgradeRequired);
        }

        return RefuseAsync(context, error.StatusCode, error.Reason);
    }

    /// <summary>Refuses a request with a status of the caller's choice, and ends the connection.</summary>
    /// <param name="context">The request.</param>
    /// <param name="statusCode">The HTTP status, 300 to 599.</param>
    /// <param name="reason">Text for <c>X-WebSocket-Reject-Reason</c>, visible to the peer; <see langword="null"/> is no such header.</param>
    /// <param name="body">A body; empty by default.</param>
    public static async Task RefuseAsync(HttpContext context, int statusCode, string? reason = null, ReadOnlyMemory<byte> body = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfLessThan(statusCode, 300);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(statusCode, 599);

        HttpResponse response = context.Response;
        response.StatusCode = statusCode;
        response.ContentLength = body.Length;

        if (reason is not null)
        {
            response.Headers[RejectReasonHeader] = reason;
        }

        if (HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            response.Headers.Connection = "close"; // Kestrel keeps the connection otherwise
        }

        await response.Body.WriteAsync(body);
        await response.CompleteAsync();
    }

    private Task<Stream> UpgradeAsync()
    {
        if (IsExtendedConnect(HttpContext))
        {
            HttpContext.Response.StatusCode = StatusCodes.Status200OK; // RFC 8441, 5
            return HttpContext.Features.GetRequiredFeature<IHttpExtendedConnectFeature>().AcceptAsync().AsTask();
        }

        IHeaderDictionary headers = HttpContext.Response.Headers;
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = ComputeAccept(Key!);
        return HttpContext.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
    }

    /// <summary>What is meant for requests must not end a connection that lives for days.</summary>
    private void LiftLimits()
    {
        HttpContext.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();

        if (!IsExtendedConnect(HttpContext) && HttpContext.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    private UpgradedConnection Connect(Stream stream, bool preferTransport)
    {
        // One HTTP/1.1 request owns its whole connection from here on; an HTTP/2 stream does not.
        if (preferTransport
            && HttpProtocol.IsHttp11(HttpContext.Request.Protocol)
            && HttpContext.Features.Get<IConnectionTransportFeature>() is { } transport
            && HttpContext.Features.Get<IConnectionLifetimeFeature>() is not null)
        {
            return Connect(transport.Transport);
        }

        return new StreamConnection(stream, HttpContext.Abort, RemoteEndPoint, LocalEndPoint, HttpContext.RequestAborted);
    }

    private KestrelConnection Connect(IDuplexPipe transport) =>
        new(transport, HttpContext.Features.GetRequiredFeature<IConnectionLifetimeFeature>(), RemoteEndPoint, LocalEndPoint);

    private IPEndPoint? RemoteEndPoint => ToEndPoint(HttpContext.Connection.RemoteIpAddress, HttpContext.Connection.RemotePort);

    private IPEndPoint? LocalEndPoint => ToEndPoint(HttpContext.Connection.LocalIpAddress, HttpContext.Connection.LocalPort);

    /// <summary>The address of TCP's other end, whatever forwarded headers say of the client; null on Unix sockets.</summary>
    internal IPAddress? PeerAddress
    {
        get
        {
            try
            {
                return (HttpContext.Features.Get<IConnectionSocketFeature>()?.Socket.RemoteEndPoint as IPEndPoint)?.Address;
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return null; // the client is gone already
            }
        }
    }

    private static IPEndPoint? ToEndPoint(IPAddress? address, int port) => address is null ? null : new IPEndPoint(address, port);
}
