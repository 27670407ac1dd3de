using System.Globalization;

namespace Jstp.Transport.WebSockets.Compression;

/// <summary>Agrees on permessage-deflate (RFC 7692, 5 and 7.1).</summary>
internal static class DeflateNegotiator
{
    private const string ExtensionName = "permessage-deflate";
    private const string ServerNoContextTakeover = "server_no_context_takeover";
    private const string ClientNoContextTakeover = "client_no_context_takeover";
    private const string ServerMaxWindowBits = "server_max_window_bits";
    private const string ClientMaxWindowBits = "client_max_window_bits";

    /// <summary>The server's choice: the first offer that is sound.</summary>
    /// <param name="offers">What the client offers, in its order of preference.</param>
    /// <param name="options">What the server wants.</param>
    /// <param name="parameters">What was agreed on.</param>
    /// <param name="answer">The value of the answer's <c>Sec-WebSocket-Extensions</c>.</param>
    /// <returns><see langword="false"/> when no offer will do, and messages go uncompressed.</returns>
    public static bool TryAccept(
        IReadOnlyList<WebSocketExtensionOffer> offers,
        WebSocketCompressionOptions options,
        out DeflateParameters parameters,
        out string answer)
    {
        foreach (WebSocketExtensionOffer offer in offers)
        {
            if (offer.Name == ExtensionName && TryRead(offer, isAnswer: false, out Offer read))
            {
                bool serverTakeover = options.ServerContextTakeover && !read.ServerNoContextTakeover;
                bool clientTakeover = options.ClientContextTakeover && !read.ClientNoContextTakeover;
                parameters = new DeflateParameters(serverTakeover, clientTakeover, read.ServerWindowBits ?? DeflateParameters.LargestWindowBits);
                answer = FormatAnswer(parameters, read.ServerWindowBits is not null);
                return true;
            }
        }

        parameters = default;
        answer = "";
        return false;
    }

    /// <summary>The client's offer.</summary>
    public static string FormatOffer(WebSocketCompressionOptions options)
    {
        string offer = $"{ExtensionName}; {ClientMaxWindowBits}";

        if (!options.ServerContextTakeover)
        {
            offer += "; " + ServerNoContextTakeover;
        }

        return options.ClientContextTakeover ? offer : offer + "; " + ClientNoContextTakeover;
    }

    /// <summary>Reads the server's answer, as the client.</summary>
    /// <returns><see langword="false"/> when it answers what was not offered, on which the client must give up (RFC 7692, 7.1).</returns>
    public static bool TryReadAnswer(
        IReadOnlyList<WebSocketExtensionOffer> answers,
        WebSocketCompressionOptions? options,
        out DeflateParameters? parameters)
    {
        parameters = null;

        if (answers.Count == 0)
        {
            return true;
        }

        if (options is null || answers is not [{ Name: ExtensionName } answer] || !TryRead(answer, isAnswer: true, out Offer read))
        {
            return false;
        }

        if (!options.ServerContextTakeover && !read.ServerNoContextTakeover)
        {
            return false; // we asked for it, and the server must confirm it
        }

        parameters = new DeflateParameters(
            options.ClientContextTakeover && !read.ClientNoContextTakeover,
            !read.ServerNoContextTakeover,
            read.ClientWindowBits ?? DeflateParameters.LargestWindowBits);
        return true;
    }

    private static string FormatAnswer(in DeflateParameters parameters, bool windowWasAsked)
    {
        string answer = ExtensionName;

        if (!parameters.OwnContextTakeover)
        {
            answer += "; " + ServerNoContextTakeover;
        }

        if (!parameters.PeerContextTakeover)
        {
            answer += "; " + ClientNoContextTakeover;
        }

        return windowWasAsked
            ? string.Create(CultureInfo.InvariantCulture, $"{answer}; {ServerMaxWindowBits}={parameters.OwnWindowBits}")
            : answer;
    }

    private static bool TryRead(WebSocketExtensionOffer offer, bool isAnswer, out Offer read)
    {
        read = default;
        var seen = new HashSet<string>(StringComparer.Ordinal);

        foreach ((string name, string? value) in offer.Parameters)
        {
            if (!seen.Add(name) || !TryReadParameter(name, value, isAnswer, ref read))
            {
                return false; // RFC 7692, 7.1: unknown, repeated or malformed parameters decline the offer
            }
        }

        return true;
    }

    private static bool TryReadParameter(string name, string? value, bool isAnswer, ref Offer read)
    {
        switch (name)
        {
            case ServerNoContextTakeover:
                read.ServerNoContextTakeover = true;
                return value is null;
            case ClientNoContextTakeover:
                read.ClientNoContextTakeover = true;
                return value is null;
            case ServerMaxWindowBits:
                return TryReadBits(value, out read.ServerWindowBits);
            case ClientMaxWindowBits when value is null:
                return !isAnswer; // RFC 7692, 7.1.2.2: only an offer may leave the number out
            case ClientMaxWindowBits:
                return TryReadBits(value, out read.ClientWindowBits);
            default:
                return false;
        }
    }

    private static bool TryReadBits(string? value, out int? bits)
    {
        bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        bits = number;

        return isNumber
            && value![0] != '0'
            && number is >= DeflateParameters.SmallestWindowBits and <= DeflateParameters.LargestWindowBits;
    }

    private struct Offer
    {
        public bool ServerNoContextTakeover;
        public bool ClientNoContextTakeover;
        public int? ServerWindowBits;
        public int? ClientWindowBits;
    }
}
