using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Jstp.Transport.WebSockets.Compression;
using Microsoft.Extensions.Primitives;

namespace Jstp.Transport.WebSockets;

/// <summary>The client's side of the opening handshake (RFC 6455, 4.1; specification page, section 12).</summary>
public static class WebSocketClient
{
    private const int NonceLength = 16;

    /// <summary>Connects to a server.</summary>
    /// <param name="address">Where to: <c>ws</c>, <c>wss</c>, <c>http</c> or <c>https</c>, without a fragment.</param>
    /// <param name="options">The settings; <see langword="null"/> is the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The address is not one to connect to.</exception>
    /// <exception cref="WebSocketHandshakeException">No connection, or none that the handshake's rules allow; the status and headers of the answer, if any, are with it.</exception>
    /// <exception cref="TimeoutException">It took longer than <see cref="WebSocketClientOptions.HandshakeTimeout"/>.</exception>
    public static async Task<WebSocketClientConnection> ConnectAsync(
        Uri address,
        WebSocketClientOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new WebSocketClientOptions();
        Uri httpAddress = ToHttpAddress(address);
        string key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceLength));
        HttpMessageInvoker http = CreateHttp(options);
        HttpResponseMessage? response = null;

        using var timeout = new CancellationTokenSource(options.HandshakeTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);

        try
        {
            using HttpRequestMessage request = CreateRequest(httpAddress, key, options);
            response = await http.SendAsync(request, either.Token).ConfigureAwait(false);
            return await CompleteAsync(http, response, key, options, either.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            response?.Dispose();
            http.Dispose();

            if (exception is OperationCanceledException && timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"The handshake with {address} took longer than {options.HandshakeTimeout}.", exception);
            }

            if (exception is HttpRequestException)
            {
                throw new WebSocketHandshakeException(0, $"No connection to {address}: {exception.Message}", exception);
            }

            throw;
        }
    }

    private static Uri ToHttpAddress(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);

        if (!address.IsAbsoluteUri || address.Fragment.Length > 0)
        {
            throw new ArgumentException("The address must be absolute and have no fragment.", nameof(address));
        }

        string scheme = address.Scheme switch
        {
            "ws" or "http" => "http",
            "wss" or "https" => "https",
            _ => throw new ArgumentException($"'{address.Scheme}' is not a scheme of WebSockets.", nameof(address)),
        };

        return new UriBuilder(address) { Scheme = scheme, Port = address.IsDefaultPort ? -1 : address.Port }.Uri;
    }

    private static HttpMessageInvoker CreateHttp(WebSocketClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = options.AllowRedirects,
            UseCookies = options.Cookies is not null,
            PooledConnectionLifetime = TimeSpan.Zero, // the connection is ours alone
        };

        if (options.Cookies is { } cookies)
        {
            handler.CookieContainer = cookies;
        }

        if (options.Proxy is { } proxy)
        {
            handler.Proxy = proxy;
        }

        if (options.Tls is { } tls)
        {
            handler.SslOptions = tls;
        }

        if (options.Connect is { } connect)
        {
            handler.ConnectCallback = (_, cancellationToken) => connect(cancellationToken);
        }

        return new HttpMessageInvoker(handler);
    }

    private static HttpRequestMessage CreateRequest(Uri address, string key, WebSocketClientOptions options)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        HttpRequestHeaders headers = request.Headers;

        headers.TryAddWithoutValidation("Connection", "Upgrade");
        headers.TryAddWithoutValidation("Upgrade", "websocket");
        headers.TryAddWithoutValidation("Sec-WebSocket-Key", key);
        headers.TryAddWithoutValidation("Sec-WebSocket-Version", options.Version.ToString(CultureInfo.InvariantCulture));

        if (options.Subprotocols.Count > 0)
        {
            headers.TryAddWithoutValidation("Sec-WebSocket-Protocol", string.Join(", ", options.Subprotocols));
        }

        if (options.Compression is { } compression)
        {
            headers.TryAddWithoutValidation("Sec-WebSocket-Extensions", DeflateNegotiator.FormatOffer(compression));
        }

        if (options.Origin is { } origin)
        {
            headers.TryAddWithoutValidation(options.Version == 8 ? "Sec-WebSocket-Origin" : "Origin", origin);
        }

        foreach ((string name, string value) in options.Headers)
        {
            headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static async Task<WebSocketClientConnection> CompleteAsync(
        HttpMessageInvoker http,
        HttpResponseMessage response,
        string key,
        WebSocketClientOptions options,
        CancellationToken cancellationToken)
    {
        string? subprotocol = Check(response, key, options, out DeflateParameters? compression);
        Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var closed = new CancellationTokenSource();

        void Abort()
        {
            response.Dispose();
            http.Dispose();
            closed.Cancel();
        }

        var connection = new StreamConnection(stream, Abort, remoteEndPoint: null, localEndPoint: null, closed.Token, onCompleted: Abort, isClient: true);
        PerMessageDeflate? deflate = compression is { } agreed ? new PerMessageDeflate(agreed, options.Compression!) : null;
        var protocol = new WebSocketProtocol(WebSocketRole.Client, options.Rules, connection.Transport.Output, deflate);

        return new WebSocketClientConnection(connection, protocol, subprotocol, response.Headers);
    }

    /// <summary>The rules of RFC 6455, 4.1 for the server's answer.</summary>
    private static string? Check(HttpResponseMessage response, string key, WebSocketClientOptions options, out DeflateParameters? compression)
    {
        if (response.StatusCode is not HttpStatusCode.SwitchingProtocols)
        {
            throw Refuse(response, $"The server answered {(int)response.StatusCode} instead of 101.");
        }

        if (!Get(response, "Upgrade").Equals("websocket", StringComparison.OrdinalIgnoreCase)
            || !response.Headers.Connection.Contains("Upgrade", StringComparer.OrdinalIgnoreCase))
        {
            throw Refuse(response, "The server did not upgrade the connection to a WebSocket.");
        }

        if (Get(response, "Sec-WebSocket-Accept") != WebSocketHandshake.ComputeAccept(key))
        {
            throw Refuse(response, "The server's Sec-WebSocket-Accept does not belong to our key.");
        }

        string extensions = Get(response, "Sec-WebSocket-Extensions");

        if (!WebSocketExtensionOffer.TryParseList(extensions.Length == 0 ? StringValues.Empty : extensions, out IReadOnlyList<WebSocketExtensionOffer> answers)
            || !DeflateNegotiator.TryReadAnswer(answers, options.Compression, out compression))
        {
            throw Refuse(response, "The server chose an extension that was not offered.");
        }

        return CheckSubprotocol(response, options);
    }

    private static string? CheckSubprotocol(HttpResponseMessage response, WebSocketClientOptions options)
    {
        string chosen = Get(response, "Sec-WebSocket-Protocol");

        if (chosen.Length == 0)
        {
            return options.Subprotocols.Count == 0 ? null : throw Refuse(response, "The server speaks none of the subprotocols that were asked for.");
        }

        return options.Subprotocols.Contains(chosen, StringComparer.OrdinalIgnoreCase)
            ? chosen
            : throw Refuse(response, $"The server chose the subprotocol '{chosen}', which was not asked for.");
    }

    private static string Get(HttpResponseMessage response, string name)
        => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(", ", values) : "";

    private static WebSocketHandshakeException Refuse(HttpResponseMessage response, string message)
        => new((int)response.StatusCode, message, response.Headers);
}
