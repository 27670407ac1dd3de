using System.Net;
using System.Net.Security;

namespace Jstp.Transport.WebSockets;

/// <summary>The settings of a client's connection (specification page, sections 1 and 12).</summary>
public sealed class WebSocketClientOptions
{
    /// <summary>The rules of the connection. The defaults are <see cref="WebSocketProtocolOptions.Client"/>.</summary>
    public WebSocketProtocolOptions Rules { get; set; } = WebSocketProtocolOptions.Client;

    /// <summary>The subprotocols to ask for, best first. The server must choose one when there are any.</summary>
    public IList<string> Subprotocols { get; } = [];

    /// <summary>Further headers of the request.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The origin to send, as a browser would; <see langword="null"/>, the default, is none.</summary>
    public string? Origin { get; set; }

    /// <summary>The protocol version: 13, the default, or 8 for the draft.</summary>
    public int Version { get; set; } = 13;

    /// <summary>How long the connection may take to come about, TLS and handshake included. The default is 45 s; infinite is allowed.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>Whether redirects are followed. The default is <see langword="false"/>: they lead secrets astray.</summary>
    public bool AllowRedirects { get; set; }

    /// <summary>What to trust and what to prove ourselves with over TLS; used as it is, for every connection anew.</summary>
    public SslClientAuthenticationOptions? Tls { get; set; }

    /// <summary>The proxy; <see langword="null"/>, the default, is the system's.</summary>
    public IWebProxy? Proxy { get; set; }

    /// <summary>Cookies to send, and to take from the answer; <see langword="null"/>, the default, is neither.</summary>
    public CookieContainer? Cookies { get; set; }

    /// <summary>Opens the connection in place of TCP to the address, as for Unix sockets; <see langword="null"/>, the default, is TCP.</summary>
    public Func<CancellationToken, ValueTask<Stream>>? Connect { get; set; }

    /// <summary>Settings of permessage-deflate; <see langword="null"/>, the default, does not offer it.</summary>
    public WebSocketCompressionOptions? Compression { get; set; }

    /// <summary>The clock of <see cref="HandshakeTimeout"/>.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
