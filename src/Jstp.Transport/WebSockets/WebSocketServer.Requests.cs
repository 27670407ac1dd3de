using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Jstp.Transport.WebSockets;

public sealed partial class WebSocketServer
{
    private const string RetryAfterSeconds = "1";

    private bool _hasWarnedOfProtocol;

    /// <summary>
    /// Handles one HTTP request, and returns when the connection that it became has ended or goes on without it. This is what endpoints call.
    /// </summary>
    public Task HandleAsync(HttpContext context) => HandleAsync(context, null);

    internal async Task HandleAsync(HttpContext context, ServerMount? mount)
    {
        ArgumentNullException.ThrowIfNull(context);

        if (!IsMounted || mount is { IsStopping: true })
        {
            await WebSocketHandshake.RefuseAsync(context, StatusCodes.Status404NotFound);
            return;
        }

        if (!WebSocketHandshake.IsWebSocketRequest(context))
        {
            await WebSocketHandshake.RefuseAsync(
                context,
                new WebSocketHandshakeError(StatusCodes.Status426UpgradeRequired, "This is a WebSocket endpoint."),
                Options.AllowVersion8);
            return;
        }

        if (!WebSocketHandshake.TryRead(context, Options.AllowVersion8, out WebSocketHandshake? handshake, out WebSocketHandshakeError? error))
        {
            await WebSocketHandshake.RefuseAsync(context, error, Options.AllowVersion8);
            _context.Metrics.OnRejected(error.StatusCode);
            RaiseUpgradeError(new WebSocketUpgradeError(context, error.StatusCode, error.Reason));
            return;
        }

        // An address that changed on the way would never be counted out.
        IPAddress? address = context.Connection.RemoteIpAddress;

        if (!_limiter.TryEnter(address, Options.MaxConnections, Options.MaxConnectionsPerAddress, Options.MaxPendingRequests))
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            await WebSocketHandshake.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "Too many connections.");
            _context.Metrics.OnRejected(StatusCodes.Status503ServiceUnavailable);
            RaiseUpgradeError(new WebSocketUpgradeError(context, StatusCodes.Status503ServiceUnavailable, "A limit of connections is reached."));
            return;
        }

        bool goesOn = false;

        try
        {
            goesOn = await HandleHandshakeAsync(handshake, mount, address);
        }
        finally
        {
            if (!goesOn)
            {
                _limiter.Leave(address);
            }
        }
    }

    /// <summary>Upgrades an accepted request and announces the connection.</summary>
    internal async Task<WebSocketConnection> ConnectAsync(WebSocketRequest request, WebSocketServerContext context, string? protocol)
    {
        try
        {
            WebSocketCompression? compression = WebSocketCompression.Negotiate(request.Handshake.RequestedExtensions, context.Options.Compression);
            string? extensions = compression?.Answer;
            UpgradedConnection transport;

            if (context.Options.KeepRequest)
            {
                transport = await request.Handshake.AcceptAsync(protocol, extensions);
            }
            else
            {
                (transport, request.Takeover) = await request.Handshake.AcceptOutlivingAsync(protocol, extensions);
            }

            ConfigureSocket(context.Options, request.HttpContext);
            WarnIfProtocolIsMissing(request, protocol);
            var connection = new WebSocketConnection(transport, request.Handshake, protocol, compression?.Begin(), context)
            {
                Extensions = WebSocketExtensionOffer.TryParseList(extensions, out IReadOnlyList<WebSocketExtensionOffer> agreed) ? agreed : [],
                Mount = request.Mount,
                PeerAddress = request.PeerAddress,
            };
            _connections.TryAdd(connection, 0);
            context.Metrics.OnAccepted();
            RaiseConnected(connection);
            return connection;
        }
        catch (WebSocketHandshakeException exception)
        {
            context.Metrics.OnRejected(exception.StatusCode);
            RaiseUpgradeError(new WebSocketUpgradeError(request.HttpContext, exception.StatusCode, exception.Message, exception));
            throw;
        }
    }

    /// <summary>Browsers send a page's WebSocket requests with the user's cookies, wherever the page is from.</summary>
    internal void WarnIfOpenToAnyOrigin(string pattern)
    {
        if (Options is { AllowedOrigins: null, OriginCheck: null })
        {
            LogOpenToAnyOrigin(_context.Logger, pattern);
        }
    }

    /// <summary>A client that asked for a subprotocol and gets none gives up, without telling (RFC 6455, 4.1). Said once.</summary>
    private void WarnIfProtocolIsMissing(WebSocketRequest request, string? protocol)
    {
        if (protocol is null && request.RequestedProtocols.Count > 0 && !Interlocked.Exchange(ref _hasWarnedOfProtocol, true))
        {
            LogNoProtocol(_context.Logger, request.RequestedProtocols[0]);
        }
    }

    internal void OnRejected(int status)
    {
        _context.Metrics.OnRejected(status);
        LogRejected(_context.Logger, status);
    }

    /// <returns>Whether the request became a connection that goes on without it.</returns>
    private async Task<bool> HandleHandshakeAsync(WebSocketHandshake handshake, ServerMount? mount, IPAddress? address)
    {
        var request = new WebSocketRequest(this, _context, handshake, mount);
        Task handler = Task.CompletedTask;
        WebSocketConnection? connection;
        _pendingRequests.TryAdd(request, 0);
        _context.Metrics.OnPending(1);

        using (Activity? activity = WebSocketTelemetry.Activities.StartActivity("websocket.handshake", ActivityKind.Server))
        {
            try
            {
                handler = DecideAsync(request);
                connection = await AwaitDecisionAsync(request);
                activity?.SetTag("http.response.status_code", request.HttpContext.Response.StatusCode);
                activity?.SetTag("jstp.websocket.subprotocol", connection?.Protocol);
            }
            finally
            {
                _pendingRequests.TryRemove(request, out _);
                _context.Metrics.OnPending(-1);
                _limiter.LeavePending();
            }
        }

        if (connection is null)
        {
            return false;
        }

        await connection.AwaitHandlerAsync(handler);

        if (request.Takeover is { } takeover && handler.IsCompleted)
        {
            takeover.Begin(connection.Transport, ServeLater(connection, address));
            return true;
        }

        await ServeAsync(connection);
        return false;
    }

    /// <summary>Apart, so that what it makes keeps nothing of the request alive.</summary>
    private Func<UpgradedConnection, Task> ServeLater(WebSocketConnection connection, IPAddress? address) => async _ =>
    {
        try
        {
            await ServeAsync(connection);
        }
        finally
        {
            _limiter.Leave(address);
        }
    };

    private async Task DecideAsync(WebSocketRequest request)
    {
        try
        {
            if (!IsOriginAllowed(request.Origin))
            {
                await request.TryRejectAsync(StatusCodes.Status403Forbidden);
            }
            else if (Options.AutoAccept)
            {
                await request.AcceptAsync(request.RequestedProtocols is [string first, ..] ? first : null, request.Origin);
            }
            else if (OnRequest is { } onRequest)
            {
                await onRequest(request);
            }
            else
            {
                await request.TryRejectAsync(StatusCodes.Status404NotFound, "Nothing handles this request.");
            }
        }
        catch (Exception exception)
        {
            await OnHandlerFailedAsync(request, exception);
        }
    }

    private bool IsOriginAllowed(string? origin)
        => (Options.AllowedOrigins is not { } allowed || OriginList.Allows(allowed, origin)) && Options.OriginCheck?.Invoke(origin) is not false;

    private async Task OnHandlerFailedAsync(WebSocketRequest request, Exception exception)
    {
        if (exception is WebSocketHandshakeException)
        {
            return; // told by ConnectAsync already
        }

        LogHandlerFailed(_context.Logger, exception);

        try
        {
            if (await request.TryRejectAsync(StatusCodes.Status500InternalServerError))
            {
                RaiseUpgradeError(new WebSocketUpgradeError(request.HttpContext, StatusCodes.Status500InternalServerError, "The request handler failed.", exception));
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client is gone: there is nobody to answer.
        }
    }

    private async Task<WebSocketConnection?> AwaitDecisionAsync(WebSocketRequest request)
    {
        if (request.Resolution.IsCompletedSuccessfully)
        {
            return request.Resolution.Result;
        }

        try
        {
            return await request.Resolution.WaitAsync(Options.DecisionTimeout, _context.TimeProvider, request.Aborted);
        }
        catch (TimeoutException)
        {
            if (await request.TryRejectAsync(StatusCodes.Status503ServiceUnavailable, "Nobody decided in time."))
            {
                RaiseUpgradeError(new WebSocketUpgradeError(request.HttpContext, StatusCodes.Status503ServiceUnavailable, "Nobody decided in time."));
            }
        }
        catch (OperationCanceledException)
        {
            request.Abandon();
        }

        // Whoever came first has it: an accept that is under way still gives a connection to be ended in order.
        return await request.Resolution;
    }

    private async Task ServeAsync(WebSocketConnection connection)
    {
        WebSocketCloseInfo info = await connection.RunToEndAsync();
        _connections.TryRemove(connection, out _);

        try
        {
            Closed?.Invoke(connection, info);
        }
        catch (Exception exception)
        {
            LogHandlerFailed(_context.Logger, exception);
        }

        await connection.RaiseClosedAsync(info);
    }

    private static void ConfigureSocket(WebSocketServerOptions options, HttpContext context)
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is not { AddressFamily: AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 } socket)
        {
            return;
        }

        try
        {
            socket.NoDelay = options.NoDelay;

            if (options is { KeepAlive: true, UseTcpKeepAlive: true })
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)Math.Ceiling(options.KeepAliveInterval.TotalSeconds));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The client is gone already; the read loop will notice.
        }
    }

    private void RaiseConnected(WebSocketConnection connection)
    {
        try
        {
            Connected?.Invoke(connection);
        }
        catch (Exception exception)
        {
            LogHandlerFailed(_context.Logger, exception);
        }
    }

    private void RaiseUpgradeError(WebSocketUpgradeError error)
    {
        LogUpgradeError(_context.Logger, error.StatusCode, error.Reason);

        try
        {
            UpgradeError?.Invoke(error);
        }
        catch (Exception exception)
        {
            LogHandlerFailed(_context.Logger, exception);
        }
    }

    [LoggerMessage(EventId = 3011, Level = LogLevel.Information, Message = "A WebSocket request failed with {Status}: {Reason}")]
    private static partial void LogUpgradeError(ILogger logger, int status, string reason);

    [LoggerMessage(EventId = 3012, Level = LogLevel.Debug, Message = "A WebSocket request was rejected with {Status}")]
    private static partial void LogRejected(ILogger logger, int status);

    [LoggerMessage(EventId = 3014, Level = LogLevel.Warning, Message = "Web pages of any origin can connect to the WebSocket endpoint {Pattern}; set AllowedOrigins, to * if that is meant")]
    private static partial void LogOpenToAnyOrigin(ILogger logger, string pattern);

    [LoggerMessage(EventId = 3015, Level = LogLevel.Warning, Message = "A client that asked for the subprotocol {Protocol} was accepted without one, on which clients give up; further ones are not told of")]
    private static partial void LogNoProtocol(ILogger logger, string protocol);

    [LoggerMessage(EventId = 3013, Level = LogLevel.Error, Message = "A handler of the WebSocket server failed")]
    private static partial void LogHandlerFailed(ILogger logger, Exception exception);
}
