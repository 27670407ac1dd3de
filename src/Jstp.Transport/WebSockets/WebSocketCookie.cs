using Microsoft.Extensions.Primitives;

namespace Jstp.Transport.WebSockets;

/// <summary>A cookie that came with a request.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value, without quotes and percent-decoded where that is possible; <see langword="null"/> when there was no <c>=</c>.</param>
/// <param name="RawValue">Its value as it came.</param>
public sealed record WebSocketCookie(string Name, string? Value, string? RawValue)
{
    /// <summary>Reads the header (specification page, section 3): in order, duplicates kept, and nothing in it ever refuses the request.</summary>
    internal static IReadOnlyList<WebSocketCookie> ParseList(StringValues header)
    {
        var cookies = new List<WebSocketCookie>();

        foreach (string? value in header)
        {
            foreach (Range part in value.AsSpan().Split(';'))
            {
                ReadOnlySpan<char> piece = value.AsSpan(part).Trim();

                if (!piece.IsEmpty)
                {
                    cookies.Add(Parse(piece));
                }
            }
        }

        return cookies;
    }

    private static WebSocketCookie Parse(ReadOnlySpan<char> piece)
    {
        int equals = piece.IndexOf('=');

        if (equals < 0)
        {
            return new WebSocketCookie(piece.ToString(), null, null);
        }

        string name = piece[..equals].Trim().ToString();
        string raw = piece[(equals + 1)..].Trim().ToString();
        string unquoted = raw.Length >= 2 && raw[0] == '"' && raw[^1] == '"' ? raw[1..^1] : raw;

        return new WebSocketCookie(name, Uri.UnescapeDataString(unquoted), raw);
    }
}
