namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Through the upgraded stream, over TLS.</summary>
public sealed class StreamTlsConnectionTests() : UpgradedConnectionTests(preferTransport: false, tls: true);
