using Microsoft.Extensions.Primitives;

namespace Jstp.Transport.WebSockets;

/// <summary>One extension as offered in <c>Sec-WebSocket-Extensions</c> (RFC 6455, 9.1).</summary>
/// <param name="Name">The extension's name, in lower case.</param>
/// <param name="Parameters">Its parameters in order, names in lower case, values without quotes; <see langword="null"/> where no value was given.</param>
public sealed record WebSocketExtensionOffer(string Name, IReadOnlyList<KeyValuePair<string, string?>> Parameters)
{
    /// <summary>Reads the header's values.</summary>
    /// <returns><see langword="false"/> when they break the grammar.</returns>
    internal static bool TryParseList(StringValues header, out IReadOnlyList<WebSocketExtensionOffer> offers)
    {
        offers = [];

        if (header.Count == 0)
        {
            return true;
        }

        var found = new List<WebSocketExtensionOffer>();

        foreach (string? value in header)
        {
            if (!TryParseValue(value, found))
            {
                return false;
            }
        }

        offers = found;
        return true;
    }

    private static bool TryParseValue(ReadOnlySpan<char> value, List<WebSocketExtensionOffer> found)
    {
        var reader = new HttpFieldReader(value);

        while (reader.SkipListSeparators())
        {
            if (!reader.TryReadToken(out ReadOnlySpan<char> name))
            {
                return false;
            }

            var parameters = new List<KeyValuePair<string, string?>>();

            while (reader.TryTake(';'))
            {
                if (!TryParseParameter(ref reader, parameters))
                {
                    return false;
                }
            }

            if (!reader.AtListSeparator)
            {
                return false;
            }

            found.Add(new WebSocketExtensionOffer(ToLower(name), parameters));
        }

        return true;
    }

    private static bool TryParseParameter(ref HttpFieldReader reader, List<KeyValuePair<string, string?>> parameters)
    {
        if (!reader.TryReadToken(out ReadOnlySpan<char> name))
        {
            return false;
        }

        string? value = null;

        if (reader.TryTake('=') && !reader.TryReadTokenOrQuoted(out value))
        {
            return false;
        }

        parameters.Add(new KeyValuePair<string, string?>(ToLower(name), value));
        return true;
    }

    private static string ToLower(ReadOnlySpan<char> text) => text.ToString().ToLowerInvariant();
}
