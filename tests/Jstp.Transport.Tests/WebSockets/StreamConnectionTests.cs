namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Through the upgraded stream.</summary>
public sealed class StreamConnectionTests() : UpgradedConnectionTests(preferTransport: false, tls: false);
