namespace Jstp.Client.Channels;

/// <summary>Reaches a server by its URL.</summary>
internal static class ClientTransport
{
    public const string Tcp = "tcp";
    public const string Tls = "tls";
    public const string Unix = "unix";

    /// <exception cref="ArgumentException">The URL is not one of those that <see cref="JstpClient"/> names.</exception>
    public static void ThrowIfUnusable(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);

        bool isUsable = url.IsAbsoluteUri && url.Scheme switch
        {
            "ws" or "wss" => url.Fragment.Length == 0,
            Tcp or Tls => url.Host.Length > 0 && url.Port > 0,
            Unix => url.AbsolutePath.Length > 1,
            _ => false,
        };

        if (!isUsable)
        {
            throw new ArgumentException($"'{url}' is no URL of a server: ws://host, wss://host, tcp://host:port, tls://host:port or unix:/path.", nameof(url));
        }
    }

    public static Task<ClientChannel> ConnectAsync(Uri url, JstpClientOptions options, CancellationToken cancellationToken) =>
        url.Scheme is "ws" or "wss"
            ? WebSocketClientChannel.ConnectAsync(url, options, cancellationToken)
            : StreamClientChannel.ConnectAsync(url, options, cancellationToken);
}
