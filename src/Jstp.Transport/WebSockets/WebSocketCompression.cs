using Jstp.Transport.WebSockets.Compression;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// What a client and the server agreed on for permessage-deflate (RFC 7692, 7.1), for whoever drives a <see cref="WebSocketProtocol"/>: answer with
/// <see cref="Answer"/>, and give this to the protocol. It holds no memory of a connection.
/// </summary>
public sealed class WebSocketCompression
{
    private readonly DeflateParameters _parameters;
    private readonly WebSocketCompressionOptions _options;

    private WebSocketCompression(DeflateParameters parameters, WebSocketCompressionOptions options, string answer)
    {
        _parameters = parameters;
        _options = options;
        Answer = answer;
    }

    /// <summary>The value of <c>Sec-WebSocket-Extensions</c> that tells the client.</summary>
    public string Answer { get; }

    /// <summary>Takes the first offer of a client that will do.</summary>
    /// <param name="offers">What the client offers, in its order of preference.</param>
    /// <param name="options">What the server wants; <see langword="null"/> is no compression.</param>
    /// <returns><see langword="null"/> when messages go uncompressed: the server does not want it, or no offer is sound.</returns>
    public static WebSocketCompression? Negotiate(IReadOnlyList<WebSocketExtensionOffer> offers, WebSocketCompressionOptions? options)
    {
        ArgumentNullException.ThrowIfNull(offers);

        return options is not null && DeflateNegotiator.TryAccept(offers, options, out DeflateParameters parameters, out string answer)
            ? new WebSocketCompression(parameters, options, answer)
            : null;
    }

    internal PerMessageDeflate Begin() => new(_parameters, _options);
}
