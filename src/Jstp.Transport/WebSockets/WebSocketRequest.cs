using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Jstp.Transport.WebSockets;

/// <summary>A sound request that waits for a decision (specification page, section 3). It is accepted or rejected once; the first wins.</summary>
public sealed class WebSocketRequest
{
    private readonly WebSocketServer _server;
    private readonly WebSocketServerContext _context;
    private readonly TaskCompletionSource<WebSocketConnection?> _resolved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlyList<WebSocketCookie>? _cookies;
    private int _isResolved;

    internal WebSocketRequest(WebSocketServer server, WebSocketServerContext context, WebSocketHandshake handshake, ServerMount? mount)
    {
        _server = server;
        _context = context;
        Handshake = handshake;
        Mount = mount;
        PeerAddress = handshake.PeerAddress;
        Resource = HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget ?? HttpContext.Request.Path.Value ?? "";
    }

    /// <summary>
    /// The request as the HTTP server sees it. Once accepted it may end before its connection does
    /// (see <see cref="WebSocketServerOptions.KeepRequest"/>), and must not be used after the handler returned.
    /// </summary>
    public HttpContext HttpContext => Handshake.HttpContext;

    /// <summary>The settings that the connection would have.</summary>
    public WebSocketServerOptions ServerOptions => _context.Options;

    /// <summary>The request target as it came, with the query.</summary>
    public string Resource { get; }

    /// <summary>The decoded path.</summary>
    public PathString Path => HttpContext.Request.Path;

    /// <summary>The parsed query.</summary>
    public IQueryCollection Query => HttpContext.Request.Query;

    /// <summary>The Host header, with the port.</summary>
    public string Host => HttpContext.Request.Host.Value ?? "";

    /// <summary>The client's key; <see langword="null"/> on HTTP/2.</summary>
    public string? Key => Handshake.Key;

    /// <summary>The protocol version: 13 or 8.</summary>
    public int WebSocketVersion => Handshake.Version;

    /// <summary>The page that the client's script came from; <see langword="null"/> when the header is absent.</summary>
    public string? Origin => Handshake.Origin;

    /// <summary>The peer's address, a proxy's unless forwarded headers were configured; <see langword="null"/> on Unix sockets.</summary>
    public IPAddress? RemoteAddress => HttpContext.Connection.RemoteIpAddress;

    /// <summary>
    /// The <see cref="RemoteAddress"/> and, when forwarded headers changed that, behind it the proxy that the request came from. Empty on Unix sockets.
    /// </summary>
    public IReadOnlyList<IPAddress> RemoteAddresses => ListAddresses(RemoteAddress, PeerAddress);

    /// <summary>The subprotocols that the client asked for: its order, its spelling.</summary>
    public IReadOnlyList<string> RequestedProtocols => Handshake.RequestedProtocols;

    /// <summary>The extensions that the client offered; empty when <see cref="WebSocketServerOptions.ParseExtensions"/> is off.</summary>
    public IReadOnlyList<WebSocketExtensionOffer> RequestedExtensions => _context.Options.ParseExtensions ? Handshake.RequestedExtensions : [];

    /// <summary>The cookies, in order; empty when <see cref="WebSocketServerOptions.ParseCookies"/> is off.</summary>
    public IReadOnlyList<WebSocketCookie> Cookies
        => _cookies ??= _context.Options.ParseCookies ? WebSocketCookie.ParseList(HttpContext.Request.Headers.Cookie) : [];

    /// <summary>Fires when the client leaves before the decision.</summary>
    public CancellationToken Aborted => HttpContext.RequestAborted;

    /// <summary>Whether it was accepted or rejected.</summary>
    public bool IsResolved => Volatile.Read(ref _isResolved) != 0;

    internal WebSocketHandshake Handshake { get; }

    /// <summary>The address of TCP's other end, asked for while there is one; null on Unix sockets.</summary>
    internal IPAddress? PeerAddress { get; }

    /// <summary>The host that it came in by; <see langword="null"/> when the server was called without a mapping.</summary>
    internal ServerMount? Mount { get; }

    /// <summary>What lets the accepted connection outlive this request, where that is possible.</summary>
    internal TransportTakeover? Takeover { get; set; }

    /// <summary>Completes with the connection, or <see langword="null"/> when it came to none.</summary>
    internal Task<WebSocketConnection?> Resolution => _resolved.Task;

    /// <summary>Accepts the request.</summary>
    /// <param name="protocol">One of <see cref="RequestedProtocols"/>, in any case; <see langword="null"/> is none, on which clients that asked for one give up.</param>
    /// <param name="origin">An origin to echo, which no RFC asks for; <see langword="null"/> is none.</param>
    /// <param name="cookies">Cookies to set, of different names.</param>
    /// <param name="headers">Further headers for the answer.</param>
    /// <exception cref="ArgumentException">An argument is not acceptable. The request was answered with 500.</exception>
    /// <exception cref="InvalidOperationException">The request was accepted or rejected before.</exception>
    /// <exception cref="WebSocketHandshakeAbortedException">The client is gone.</exception>
    /// <exception cref="WebSocketHandshakeException">The HTTP server upgrades no further connections.</exception>
    public async Task<WebSocketConnection> AcceptAsync(
        string? protocol = null,
        string? origin = null,
        IEnumerable<SetCookieHeaderValue>? cookies = null,
        IHeaderDictionary? headers = null)
    {
        if (!TryResolve())
        {
            throw new InvalidOperationException("The request was accepted or rejected before.");
        }

        WebSocketConnection? connection = null;

        try
        {
            string? spelled = await PrepareAsync(protocol, origin, cookies, headers);

            if (Aborted.IsCancellationRequested)
            {
                throw new WebSocketHandshakeAbortedException();
            }

            connection = await _server.ConnectAsync(this, _context, spelled);
            return connection;
        }
        finally
        {
            _resolved.TrySetResult(connection);
        }
    }

    /// <summary>Rejects the request.</summary>
    /// <param name="status">The HTTP status, 300 to 599.</param>
    /// <param name="reason">Text for <c>X-WebSocket-Reject-Reason</c>.</param>
    /// <param name="headers">Further headers.</param>
    /// <param name="body">A body.</param>
    /// <exception cref="ArgumentException">The reason or a header holds what no header may; the status was answered without them.</exception>
    /// <exception cref="InvalidOperationException">The request was accepted or rejected before.</exception>
    public async Task RejectAsync(int status = StatusCodes.Status403Forbidden, string? reason = null, IHeaderDictionary? headers = null, ReadOnlyMemory<byte> body = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 300);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);

        if (!await TryRejectAsync(status, reason, headers, body))
        {
            throw new InvalidOperationException("The request was accepted or rejected before.");
        }
    }

    /// <summary>Rejects the request unless it was accepted or rejected before.</summary>
    /// <returns>Whether this call rejected it.</returns>
    public async Task<bool> TryRejectAsync(int status, string? reason = null, IHeaderDictionary? headers = null, ReadOnlyMemory<byte> body = default)
    {
        if (!TryResolve())
        {
            return false;
        }

        try
        {
            _server.OnRejected(status);
            AddHeaders(headers);
            await WebSocketHandshake.RefuseAsync(HttpContext, status, reason, body);
        }
        catch (InvalidOperationException exception) when (!HttpContext.Response.HasStarted)
        {
            HttpContext.Response.Headers.Clear();
            await WebSocketHandshake.RefuseAsync(HttpContext, status);
            throw new ArgumentException(exception.Message, exception);
        }
        finally
        {
            _resolved.TrySetResult(null);
        }

        return true;
    }

    /// <summary>Says that the client left: nobody can accept any more, and there is nobody to answer.</summary>
    internal void Abandon()
    {
        if (TryResolve())
        {
            _resolved.TrySetResult(null);
        }
    }

    /// <summary>An address, and that of TCP's other end if it is another.</summary>
    internal static IReadOnlyList<IPAddress> ListAddresses(IPAddress? address, IPAddress? peer)
        => address is null ? [] : peer is null || peer.Equals(address) ? [address] : [address, peer];

    private bool TryResolve() => Interlocked.Exchange(ref _isResolved, 1) == 0;

    private async Task<string?> PrepareAsync(string? protocol, string? origin, IEnumerable<SetCookieHeaderValue>? cookies, IHeaderDictionary? headers)
    {
        try
        {
            string? spelled = protocol is null ? null : Handshake.FindProtocol(protocol)
                ?? throw new ArgumentException($"The client did not ask for the subprotocol '{protocol}'.", nameof(protocol));

            if (origin is not null)
            {
                HttpContext.Response.Headers[WebSocketVersion == 8 ? "Sec-WebSocket-Origin" : HeaderNames.Origin] = origin;
            }

            AddCookies(cookies);
            AddHeaders(headers);
            return spelled;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            HttpContext.Response.Headers.Clear();
            _server.OnRejected(StatusCodes.Status500InternalServerError);
            await WebSocketHandshake.RefuseAsync(HttpContext, StatusCodes.Status500InternalServerError);
            throw exception as ArgumentException ?? new ArgumentException(exception.Message, exception);
        }
    }

    private void AddCookies(IEnumerable<SetCookieHeaderValue>? cookies)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);

        foreach (SetCookieHeaderValue cookie in cookies ?? [])
        {
            if (cookie.Name.Length == 0 || cookie.Value.Length == 0)
            {
                throw new ArgumentException("A cookie needs a name and a value.", nameof(cookies));
            }

            if (!names.Add(cookie.Name.ToString()))
            {
                throw new ArgumentException($"The cookie '{cookie.Name}' is set twice.", nameof(cookies));
            }

            if (!IsAttribute(cookie.Path) || !IsAttribute(cookie.Domain) || cookie.MaxAge < TimeSpan.Zero)
            {
                throw new ArgumentException($"The cookie '{cookie.Name}' has a path, domain or age that cannot be.", nameof(cookies));
            }

            HttpContext.Response.Headers.Append(HeaderNames.SetCookie, cookie.ToString());
        }
    }

    // RFC 6265, 4.1.1: what ends an attribute or is invisible would make others of it.
    private static bool IsAttribute(StringSegment value) => value.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 && !value.AsSpan().Contains(';');

    private void AddHeaders(IHeaderDictionary? headers)
    {
        foreach ((string name, StringValues values) in headers ?? new HeaderDictionary())
        {
            HttpContext.Response.Headers[name] = values; // CR and LF in it throw (specification page, K9)
        }
    }
}
