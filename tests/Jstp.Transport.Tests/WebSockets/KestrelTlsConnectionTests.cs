namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Through Kestrel's own pipes, which behind TLS are the decrypted ones.</summary>
public sealed class KestrelTlsConnectionTests() : UpgradedConnectionTests(preferTransport: true, tls: true);
