namespace Jstp.Transport.WebSockets;

/// <summary>The origins that browsers may connect from, as settings list them: such as <c>https://example.org</c>, or <c>*</c> for all.</summary>
public static class OriginList
{
    /// <summary>What stands for all origins, where that is meant.</summary>
    public const string Any = "*";

    /// <summary>Whether a setting is an origin: scheme, host and port alone (RFC 6454, 6.2), or <see cref="Any"/>.</summary>
    public static bool IsValid(string origin)
    {
        ArgumentNullException.ThrowIfNull(origin);

        return origin == Any || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.PathAndQuery is "/" && uri.Fragment.Length == 0 && !origin.EndsWith('/'));
    }

    /// <summary>Whether an origin is one of those listed.</summary>
    /// <param name="origins">The list.</param>
    /// <param name="origin">What the request says; <see langword="null"/>, as of clients that are no browsers, passes.</param>
    public static bool Allows(IEnumerable<string> origins, string? origin)
    {
        ArgumentNullException.ThrowIfNull(origins);

        return origin is null || origins.Any(allowed => allowed == Any || allowed.Equals(origin, StringComparison.OrdinalIgnoreCase));
    }
}
