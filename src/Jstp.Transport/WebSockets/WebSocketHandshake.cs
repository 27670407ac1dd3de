using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// The server's side of the opening handshake (RFC 6455, 4.2; RFC 8441 for HTTP/2; specification page, section 2): a request that was found sound, and what
/// it asks for. Answer it once, with <see cref="AcceptAsync(string?, string?, bool)"/> or <see cref="RefuseAsync(HttpContext, int, string?, ReadOnlyMemory{byte})"/>.
/// </summary>
public sealed partial class WebSocketHandshake
{
    private const int NonceLength = 16;

    private WebSocketHandshake(HttpContext context, int version, string? key)
    {
        HttpContext = context;
        Version = version;
        Key = key;
    }

    /// <summary>The request.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>The protocol version: 13, or 8 for the draft.</summary>
    public int Version { get; }

    /// <summary>The client's key; <see langword="null"/> on HTTP/2, which has none.</summary>
    public string? Key { get; }

    /// <summary>The page that the client's script came from; <see langword="null"/> when the header is absent, as with clients that are no browsers.</summary>
    public string? Origin { get; private init; }

    /// <summary>The subprotocols that the client asked for: its order, its spelling.</summary>
    public IReadOnlyList<string> RequestedProtocols { get; private init; } = [];

    /// <summary>The extensions that the client offered, in its order of preference.</summary>
    public IReadOnlyList<WebSocketExtensionOffer> RequestedExtensions { get; private init; } = [];

    /// <summary>The client's spelling of a subprotocol; <see langword="null"/> when it did not ask for it. Case does not matter.</summary>
    public string? FindProtocol(string protocol)
    {
        foreach (string requested in RequestedProtocols)
        {
            if (requested.Equals(protocol, StringComparison.OrdinalIgnoreCase))
            {
                return requested;
            }
        }

        return null;
    }

    /// <summary>Whether a request means to become a WebSocket connection, sound or not. Any other is the next middleware's.</summary>
    public static bool IsWebSocketRequest(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);

        return IsExtendedConnect(context) || ContainsToken(context.Request.Headers.Upgrade, "websocket");
    }

    /// <summary>Checks a request that <see cref="IsWebSocketRequest"/>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="allowVersion8">Whether the draft version 8 is spoken next to 13.</param>
    /// <param name="handshake">The handshake, when the request is sound.</param>
    /// <param name="error">What is wrong otherwise; see <see cref="RefuseAsync(HttpContext, WebSocketHandshakeError, bool)"/>.</param>
    public static bool TryRead(
        HttpContext context,
        bool allowVersion8,
        [NotNullWhen(true)] out WebSocketHandshake? handshake,
        [NotNullWhen(false)] out WebSocketHandshakeError? error)
    {
        ArgumentNullException.ThrowIfNull(context);

        IHeaderDictionary headers = context.Request.Headers;
        handshake = null;
        error = CheckRequest(context) ?? CheckVersion(headers, allowVersion8);

        if (error is not null)
        {
            return false;
        }

        if (!TryParseProtocols(headers.SecWebSocketProtocol, out IReadOnlyList<string> protocols))
        {
            error = BadRequest("The list of subprotocols is malformed.");
            return false;
        }

        if (!WebSocketExtensionOffer.TryParseList(headers.SecWebSocketExtensions, out IReadOnlyList<WebSocketExtensionOffer> extensions))
        {
            error = BadRequest("The list of extensions is malformed.");
            return false;
        }

        int version = int.Parse(headers.SecWebSocketVersion.ToString(), CultureInfo.InvariantCulture);

        handshake = new WebSocketHandshake(context, version, IsExtendedConnect(context) ? null : headers.SecWebSocketKey.ToString())
        {
            Origin = GetOrigin(headers, version),
            RequestedProtocols = protocols,
            RequestedExtensions = extensions,
        };
        return true;
    }

    /// <summary>What a server answers to a key (RFC 6455, 4.2.2).</summary>
    internal static string ComputeAccept(string key)
    {
        Span<byte> input = stackalloc byte[64];
        int length = Encoding.ASCII.GetBytes(key, input);
        length += Encoding.ASCII.GetBytes("258EAFA5-E914-47DA-95CA-C5AB0DC85B11", input[length..]);

        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // SHA-1 is what the RFC prescribes; nothing is kept secret with it.
        SHA1.HashData(input[..length], hash);
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }

    private static bool IsExtendedConnect(HttpContext context)
        => context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect
            && string.Equals(connect.Protocol, "websocket", StringComparison.OrdinalIgnoreCase);

    private static WebSocketHandshakeError? CheckRequest(HttpContext context)
    {
        if (IsExtendedConnect(context))
        {
            return null;
        }

        HttpRequest request = context.Request;

        return !HttpMethods.IsGet(request.Method) ? BadRequest("The method must be GET.")
            : HttpProtocol.IsHttp10(request.Protocol) ? BadRequest("HTTP/1.1 is needed.")
            : context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } ? BadRequest("The connection cannot be upgraded.")
            : !IsKey(request.Headers.SecWebSocketKey) ? BadRequest("Sec-WebSocket-Key must be 16 bytes in base64.")
            : null;
    }

    private static bool IsKey(StringValues header)
    {
        Span<byte> nonce = stackalloc byte[NonceLength + 2];

        return header is [{ Length: 24 } key] && Convert.TryFromBase64String(key, nonce, out int written) && written == NonceLength;
    }

    private static WebSocketHandshakeError? CheckVersion(IHeaderDictionary headers, bool allowVersion8)
    {
        if (headers.SecWebSocketVersion is not [{ } text]
            || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int version))
        {
            return BadRequest("Sec-WebSocket-Version must be one whole number.");
        }

        return version == 13 || (version == 8 && allowVersion8)
            ? null
            : new WebSocketHandshakeError(StatusCodes.Status426UpgradeRequired, "This WebSocket version is not spoken here.");
    }

    private static string? GetOrigin(IHeaderDictionary headers, int version)
    {
        StringValues origin = version == 8 ? headers["Sec-WebSocket-Origin"] : headers.Origin;

        return origin.Count == 0 ? null : origin.ToString();
    }

    private static bool TryParseProtocols(StringValues header, out IReadOnlyList<string> protocols)
    {
        protocols = [];

        if (header.Count == 0)
        {
            return true;
        }

        var found = new List<string>();

        foreach (string? value in header)
        {
            var reader = new HttpFieldReader(value);

            while (reader.SkipListSeparators())
            {
                if (!reader.TryReadToken(out ReadOnlySpan<char> token) || !reader.AtListSeparator)
                {
                    return false;
                }

                string protocol = token.ToString();

                if (found.Contains(protocol))
                {
                    return false; // RFC 6455, 4.1: the elements are unique
                }

                found.Add(protocol);
            }
        }

        protocols = found;
        return found.Count > 0;
    }

    private static bool ContainsToken(StringValues header, string token)
    {
        foreach (string? value in header)
        {
            foreach (Range part in value.AsSpan().Split(','))
            {
                if (value.AsSpan(part).Trim().Equals(token, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static WebSocketHandshakeError BadRequest(string reason) => new(StatusCodes.Status400BadRequest, reason);
}
