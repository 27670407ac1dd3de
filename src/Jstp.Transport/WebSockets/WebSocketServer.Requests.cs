using System.Net;
using System.Net.Sockets;
using Jstp.Transport.WebSockets.Compression;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Jstp.Transport.WebSockets;

public sealed partial class WebSocketServer
{
    private const string RetryAfterSeconds = "1";

    /// <summary>Handles one HTTP request, and returns when the connection that it became has ended. This is what endpoints call.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);

        if (!IsMounted)
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
            RaiseUpgradeError(new WebSocketUpgradeError(context, error.StatusCode, error.Reason));
            return;
        }

        // An address that changed on the way would never be counted out.
        IPAddress? address = context.Connection.RemoteIpAddress;

        if (!_limiter.TryEnter(address, Options.MaxConnections, Options.MaxConnectionsPerAddress, Options.MaxPendingRequests))
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            await WebSocketHandshake.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "Too many connections.");
            RaiseUpgradeError(new WebSocketUpgradeError(context, StatusCodes.Status503ServiceUnavailable, "A limit of connections is reached."));
            return;
        }

        try
        {
            await HandleHandshakeAsync(handshake);
        }
        finally
        {
            _limiter.Leave(address);
        }
    }

    /// <summary>Upgrades an accepted request and announces the connection.</summary>
    internal async Task<WebSocketConnection> ConnectAsync(WebSocketRequest request, WebSocketServerContext context, string? protocol)
    {
        try
        {
            PerMessageDeflate? compression = NegotiateCompression(request.Handshake, out string? extensions);
            UpgradedConnection transport = await request.Handshake.AcceptAsync(protocol, extensions);
            ConfigureSocket(request.HttpContext);
            var connection = new WebSocketConnection(transport, request.Handshake, protocol, compression, context)
            {
                Extensions = WebSocketExtensionOffer.TryParseList(extensions, out IReadOnlyList<WebSocketExtensionOffer> agreed) ? agreed : [],
            };
            _connections.TryAdd(connection, 0);
            RaiseConnected(connection);
            return connection;
        }
        catch (WebSocketHandshakeException exception)
        {
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

    internal void OnRejected(int status) => LogRejected(_context.Logger, status);

    private PerMessageDeflate? NegotiateCompression(WebSocketHandshake handshake, out string? extensions)
    {
        extensions = null;

        if (Options.Compression is not { } compression
            || !DeflateNegotiator.TryAccept(handshake.RequestedExtensions, compression, out DeflateParameters parameters, out string answer))
        {
            return null;
        }

        extensions = answer;
        return new PerMessageDeflate(parameters, compression);
    }

    private async Task HandleHandshakeAsync(WebSocketHandshake handshake)
    {
        var request = new WebSocketRequest(this, _context, handshake);
        Task handler = Task.CompletedTask;
        WebSocketConnection? connection;
        _pendingRequests.TryAdd(request, 0);

        try
        {
            handler = DecideAsync(request);
            connection = await AwaitDecisionAsync(request);
        }
        finally
        {
            _pendingRequests.TryRemove(request, out _);
            _limiter.LeavePending();
        }

        if (connection is not null)
        {
            await ServeAsync(connection, handler);
        }
    }

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
        => (Options.AllowedOrigins is not { } allowed || origin is null || allowed.Contains(origin, StringComparer.OrdinalIgnoreCase))
            && Options.OriginCheck?.Invoke(origin) is not false;

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

    private async Task ServeAsync(WebSocketConnection connection, Task handler)
    {
        WebSocketCloseInfo info = await connection.RunToEndAsync(handler);
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

    private void ConfigureSocket(HttpContext context)
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is not { AddressFamily: AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 } socket)
        {
            return;
        }

        try
        {
            socket.NoDelay = Options.NoDelay;

            if (Options is { KeepAlive: true, UseTcpKeepAlive: true })
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)Math.Ceiling(Options.KeepAliveInterval.TotalSeconds));
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

    [LoggerMessage(EventId = 3014, Level = LogLevel.Warning, Message = "Web pages of any origin can connect to the WebSocket endpoint {Pattern}; set AllowedOrigins if it relies on cookies")]
    private static partial void LogOpenToAnyOrigin(ILogger logger, string pattern);

    [LoggerMessage(EventId = 3013, Level = LogLevel.Error, Message = "A handler of the WebSocket server failed")]
    private static partial void LogHandlerFailed(ILogger logger, Exception exception);
}
