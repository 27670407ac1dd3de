namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Through Kestrel's own pipes.</summary>
public sealed class KestrelConnectionTests() : UpgradedConnectionTests(preferTransport: true, tls: false);
