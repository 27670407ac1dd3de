using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Jstp.Transport.Listening;
using Jstp.Transport.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Listeners of its own, TLS from files, and a host that exists (specification page, section 11).</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class WssServerTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("wss").FullName;

    [Fact]
    public async Task Listen_OnAPort_ServesClientsAndAnswersPlainHttpWith426()
    {
        await using WssServer server = CreateEcho();

        var endPoint = (IPEndPoint)await server.ListenAsync(0, "127.0.0.1");

        using RawPeer peer = await RawPeer.UpgradeAsync(ToUri(endPoint));
        await peer.SendAsync(Frames.Masked(Opcode.Text, "hi"));
        Assert.Equal("hi", await peer.ReadTextAsync());
        using RawPeer plain = await RawPeer.ConnectAsync(ToUri(endPoint));
        await plain.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 426 ", await plain.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.True(server.Listening);
        Assert.Equal([endPoint], server.Addresses);
        Assert.Single(server.Clients);
    }

    [Fact]
    public async Task Listen_WhileListening_ThrowsAndAfterCloseOpensAgain()
    {
        await using WssServer server = CreateEcho();
        await server.ListenAsync(0, "localhost");

        await Assert.ThrowsAsync<InvalidOperationException>(() => server.ListenAsync(0, "127.0.0.1"));
        await server.CloseAsync();
        await server.CloseAsync();
        Assert.False(server.Listening);

        var endPoint = (IPEndPoint)await server.ListenAsync(0, "127.0.0.1");
        using RawPeer peer = await RawPeer.UpgradeAsync(ToUri(endPoint));
        await peer.SendAsync(Frames.Masked(Opcode.Text, "again"));
        Assert.Equal("again", await peer.ReadTextAsync());
    }

    [Fact]
    public async Task Close_WithClients_SendsGoingAway()
    {
        await using WssServer server = CreateEcho();
        var endPoint = (IPEndPoint)await server.ListenAsync(0, "127.0.0.1");
        using RawPeer peer = await RawPeer.UpgradeAsync(ToUri(endPoint));

        Task close = server.CloseAsync();

        Assert.Equal(1001, await peer.ReadCloseAsync());
        await peer.SendAsync(Frames.MaskedClose(1001));
        await close.Soon();
        await Assert.ThrowsAsync<SocketException>(() => RawPeer.ConnectAsync(ToUri(endPoint)));
    }

    [Fact]
    public async Task Terminate_WithClients_EndsWithoutAClose()
    {
        await using WssServer server = CreateEcho();
        var endPoint = (IPEndPoint)await server.ListenAsync(0, "127.0.0.1");
        using RawPeer peer = await RawPeer.UpgradeAsync(ToUri(endPoint));
        await Eventually.TrueAsync(() => server.Clients.Count == 1, "the client");

        await server.TerminateAsync().Soon();

        await Assert.ThrowsAnyAsync<IOException>(() => peer.ReadCloseAsync());
    }

    [Fact]
    public async Task Listen_PortInUse_ThrowsIOException()
    {
        await using WssServer first = CreateEcho();
        await using WssServer second = CreateEcho();
        var endPoint = (IPEndPoint)await first.ListenAsync(0, "127.0.0.1");

        await Assert.ThrowsAnyAsync<IOException>(() => second.ListenAsync(endPoint.Port, "127.0.0.1"));

        Assert.False(second.Listening);
    }

    [Fact]
    public async Task Listen_OnAUnixSocket_ServesAndReplacesAStaleOne()
    {
        string path = Path.Combine(_directory, "s");
        await using WssServer server = CreateEcho(new WssServerOptions { ReplaceStaleSocket = true, UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        using (var stale = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            stale.Bind(new UnixDomainSocketEndPoint(path));
            File.Move(path, path + "2"); // so that disposing does not delete it
        }

        File.Move(path + "2", path);

        EndPoint endPoint = await server.ListenAsync(path);

        Assert.Equal(new UnixDomainSocketEndPoint(path), endPoint);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(endPoint);
        await socket.SendAsync(Encoding.ASCII.GetBytes(RawPeer.Handshake()));
        byte[] answer = new byte[1000];
        int length = await socket.ReceiveAsync(answer);
        Assert.StartsWith("HTTP/1.1 101 ", Encoding.ASCII.GetString(answer, 0, length), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listen_OnARegularFile_LeavesItAlone()
    {
        string path = Path.Combine(_directory, "file");
        await File.WriteAllTextAsync(path, "precious");
        await using WssServer server = CreateEcho(new WssServerOptions { ReplaceStaleSocket = true });

        await Assert.ThrowsAnyAsync<IOException>(() => server.ListenAsync(path));

        Assert.Equal("precious", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task Listen_OnAnInheritedSocket_Serves()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using WssServer server = CreateEcho();

        var endPoint = (IPEndPoint)await server.ListenAsync(socket);

        using RawPeer peer = await RawPeer.UpgradeAsync(ToUri(endPoint));
        await peer.SendAsync(Frames.Masked(Opcode.Text, "inherited"));
        Assert.Equal("inherited", await peer.ReadTextAsync());
    }

    [Fact]
    public async Task Listen_OnAnInheritedHandle_Serves()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using WssServer server = CreateEcho();

        await server.ListenAsync(socket.SafeHandle);

        using RawPeer peer = await RawPeer.UpgradeAsync(ToUri((IPEndPoint)socket.LocalEndPoint!));
        await peer.SendAsync(Frames.Masked(Opcode.Text, "inherited"));
        Assert.Equal("inherited", await peer.ReadTextAsync());
    }

    [Fact]
    public async Task Headers_LongerThanTheLimit_Get431()
    {
        await using WssServer server = CreateEcho(new WssServerOptions { MaxRequestHeadersSize = 2000 });
        var endPoint = (IPEndPoint)await server.ListenAsync(0, "127.0.0.1");
        using RawPeer peer = await RawPeer.ConnectAsync(ToUri(endPoint));

        await peer.SendAsync(RawPeer.Handshake("/", $"X-Long: {new string('x', 2000)}"));

        Assert.StartsWith("HTTP/1.1 431 ", await peer.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal("101", await GetStatusAsync(endPoint, "/"));
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("*", 0)]
    [InlineData("https://example.org", 0)]
    public async Task Listen_OpenToAnyOrigin_IsWarnedOfUnlessItIsMeant(string? origin, int warnings)
    {
        using var log = new WarningLog();
        var webSocket = new WebSocketServerOptions { AllowedOrigins = origin is null ? null : [origin] };
        await using WssServer server = CreateEcho(new WssServerOptions { WebSocket = webSocket, LoggerFactory = log });

        var endPoint = (IPEndPoint)await server.ListenAsync(0, "127.0.0.1");

        Assert.Equal(warnings, log.WithId(3014).Count);
        using RawPeer peer = await RawPeer.ConnectAsync(ToUri(endPoint));
        await peer.SendAsync(RawPeer.Handshake("/", "Origin: https://elsewhere.example"));
        Assert.Equal(origin is "https://example.org" ? "403" : "101", (await peer.ReadHeadAsync()).Split(' ')[1]);
    }

    [Fact]
    public async Task Tls_CipherSuitesChosen_NoOtherIsSpoken()
    {
        await using WssServer server = CreateEcho(new WssServerOptions
        {
            Tls = new TlsCertificateOptions { Certificate = EchoHost.Certificate, CipherSuites = [TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256] },
        });
        var endPoint = (IPEndPoint)await server.ListenAsync(0, "127.0.0.1");
        using var client = new TcpClient();
        await client.ConnectAsync(endPoint);
        await using var tls = new SslStream(client.GetStream(), false, (_, certificate, _, _) => certificate?.GetCertHashString() == EchoHost.Certificate.Thumbprint);

        await tls.AuthenticateAsClientAsync("localhost");

        Assert.Equal(TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, tls.NegotiatedCipherSuite);
    }

    [Fact]
    public async Task Tls_FromPemFiles_IsReloadedWhenTheyChange()
    {
        var time = new ManualTimeProvider();
        (string certificate, string key) = (Path.Combine(_directory, "cert.pem"), Path.Combine(_directory, "key.pem"));
        string first = WritePem(certificate, key, "CN=first");
        await using WssServer server = CreateEcho(new WssServerOptions
        {
            Tls = new TlsCertificateOptions { CertificateFile = certificate, KeyFile = key },
            TimeProvider = time,
        });
        var endPoint = (IPEndPoint)await server.ListenAsync(0, "127.0.0.1");
        Assert.Equal(first, await GetThumbprintAsync(endPoint));

        await File.WriteAllTextAsync(certificate, "half written");
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(first, await GetThumbprintAsync(endPoint));

        string second = WritePem(certificate, key, "CN=second");
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(second, await GetThumbprintAsync(endPoint));
    }

    [Fact]
    public async Task Tls_FromAPfxFile_ServesWss()
    {
        string path = Path.Combine(_directory, "cert.pfx");
        await File.WriteAllBytesAsync(path, EchoHost.Certificate.Export(X509ContentType.Pkcs12, "secret"));
        await using WssServer server = CreateEcho(new WssServerOptions { Tls = new TlsCertificateOptions { PfxFile = path, Password = "secret" } });

        var endPoint = (IPEndPoint)await server.ListenAsync(0, "127.0.0.1");

        using RawPeer peer = await RawPeer.UpgradeAsync(new Uri($"https://{endPoint}"));
        await peer.SendAsync(Frames.Masked(Opcode.Text, "secure"));
        Assert.Equal("secure", await peer.ReadTextAsync());
    }

    [Fact]
    public async Task Tls_ClientCertificateRequired_OnlyOneOfTheAuthorityIsLetIn()
    {
        (string authority, string key) = (Path.Combine(_directory, "authority.pem"), Path.Combine(_directory, "authority.key"));
        WritePem(authority, key, "CN=client");
        await using WssServer server = CreateEcho(new WssServerOptions
        {
            Tls = new TlsCertificateOptions
            {
                Certificate = EchoHost.Certificate,
                ClientCertificateMode = Microsoft.AspNetCore.Server.Kestrel.Https.ClientCertificateMode.RequireCertificate,
                ClientAuthorityFile = authority,
            },
        });
        var endPoint = (IPEndPoint)await server.ListenAsync(0, "127.0.0.1");
        using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(authority, key);
        using X509Certificate2 known = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);

        Assert.True(await IsLetInAsync(endPoint, known));
        Assert.False(await IsLetInAsync(endPoint, EchoHost.Certificate));
        Assert.False(await IsLetInAsync(endPoint, null));
    }

    [Fact]
    public void Create_KeyWithoutCertificate_Throws()
        => Assert.Throws<ArgumentException>(() => WssServer.Create(new WssServerOptions { Tls = new TlsCertificateOptions { KeyFile = "key.pem" } }));

    [Fact]
    public async Task VerifyClientAndPath_TurnAwayWith401And400()
    {
        await using WssServer server = CreateEcho(new WssServerOptions
        {
            Path = "/ws",
            VerifyClient = request => ValueTask.FromResult(request.Query.ContainsKey("token")),
        });
        var endPoint = (IPEndPoint)await server.ListenAsync(0, "127.0.0.1");

        Assert.Equal("400", await GetStatusAsync(endPoint, "/other"));
        Assert.Equal("401", await GetStatusAsync(endPoint, "/ws"));
        Assert.Equal("101", await GetStatusAsync(endPoint, "/ws?token"));
    }

    [Fact]
    public async Task CreateFrom_AHostThatExists_LeavesPlainRequestsToIt()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using WebApplication app = builder.Build();
        app.MapGet("/", () => "plain");
        WssServer server = WssServer.CreateFrom(app, EchoAsync);
        await app.StartAsync();
        var endPoint = IPEndPoint.Parse(new Uri(app.Urls.Single()).Authority);

        using RawPeer peer = await RawPeer.UpgradeAsync(ToUri(endPoint));
        await peer.SendAsync(Frames.Masked(Opcode.Text, "hi"));
        Assert.Equal("hi", await peer.ReadTextAsync());
        Assert.Equal("200", await GetStatusAsync(endPoint, "/", plain: true));
        Assert.Equal("404", await GetStatusAsync(endPoint, "/nothing", plain: true));

        Task close = server.CloseAsync();
        Assert.Equal(1001, await peer.ReadCloseAsync());
        await peer.SendAsync(Frames.MaskedClose(1001));
        await close.Soon();
        Assert.Equal("200", await GetStatusAsync(endPoint, "/", plain: true));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static WssServer CreateEcho(WssServerOptions? options = null) => WssServer.Create(options, EchoAsync);

    private static ValueTask EchoAsync(WebSocketConnection connection)
    {
        connection.OnMessage = message => connection.SendAsync(message.Type, message.Payload);
        return default;
    }

    private static Uri ToUri(IPEndPoint endPoint) => new($"http://{endPoint}");

    private static async Task<string> GetStatusAsync(IPEndPoint endPoint, string path, bool plain = false)
    {
        using RawPeer peer = await RawPeer.ConnectAsync(ToUri(endPoint));
        await peer.SendAsync(plain ? $"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n" : RawPeer.Handshake(path));
        return (await peer.ReadHeadAsync()).Split(' ')[1];
    }

    // The server's word comes after the client's part of the handshake, so only an answer shows that it was accepted.
    private static async Task<bool> IsLetInAsync(IPEndPoint endPoint, X509Certificate2? certificate)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(endPoint);
        await using var tls = new SslStream(client.GetStream());

        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ClientCertificates = certificate is null ? [] : [certificate],
                RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == EchoHost.Certificate.Thumbprint,
            });
            await tls.WriteAsync(Encoding.ASCII.GetBytes(RawPeer.Handshake()));
            byte[] answer = new byte[1000];

            return Encoding.ASCII.GetString(answer, 0, await tls.ReadAsync(answer)).StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
        {
            return false;
        }
    }

    private static async Task<string> GetThumbprintAsync(IPEndPoint endPoint)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(endPoint);
        string? thumbprint = null;
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                thumbprint = certificate!.GetCertHashString();
                return thumbprint.Length > 0;
            },
        });
        return thumbprint!;
    }

    private static string WritePem(string certificateFile, string keyFile, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        return certificate.Thumbprint;
    }
}
