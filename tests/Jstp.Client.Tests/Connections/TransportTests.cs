using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jstp.Actors.Hosting;
using Jstp.Client.Connections;
using Jstp.TestKit;
using Jstp.Transport.Listening;
using Jstp.Transport.WebSockets;

namespace Jstp.Client.Tests.Connections;

/// <summary>Every kind of URL, to our server.</summary>
public sealed class TransportTests
{
    [Fact]
    public async Task Connect_Ws_Calls() => await CallAsync(Ws.CreateServer(Options()), static endPoint => $"ws://{endPoint}/any/path");

    [Fact]
    public async Task Connect_Tcp_Calls() => await CallAsync(Net.CreateServer(Options()), static endPoint => $"tcp://{endPoint}");

    [Fact]
    public async Task Connect_Wss_Calls()
    {
        using X509Certificate2 certificate = CreateCertificate();
        JstpServerOptions options = Options();
        options.Tls = new TlsCertificateOptions { Certificate = certificate };

        await CallAsync(Wss.CreateServer(options), static endPoint => $"wss://{endPoint}", Trusting(certificate));
    }

    [Fact]
    public async Task Connect_Tls_Calls()
    {
        using X509Certificate2 certificate = CreateCertificate();
        JstpServerOptions options = Options();
        options.Tls = new TlsCertificateOptions { Certificate = certificate };

        await CallAsync(Tls.CreateServer(options), static endPoint => $"tls://{endPoint}", Trusting(certificate));
    }

    [Fact]
    public async Task Connect_UnixSocket_Calls()
    {
        string path = Path.Combine(Path.GetTempPath(), $"jstp-client-{Guid.NewGuid():N}.sock");
        await using JstpListener server = Net.CreateServer(Options());
        await server.ListenAsync(path);

        await using JstpClientConnection connection = await JstpClient.ConnectAsync("app", null, $"unix:{path}").WithinLimitAsync("the connection");

        Assert.Equal("hello", await connection.GetProxy("echo").CallAsync<string>("value", "hello").WithinLimitAsync("the answer"));
    }

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("tcp://127.0.0.1")]
    [InlineData("unix:")]
    [InlineData("somewhere")]
    public async Task Connect_OtherUrl_Throws(string url) =>
        await Assert.ThrowsAsync<ArgumentException>(() => JstpClient.ConnectAsync("app", null, url));

    [Fact]
    public async Task Connect_NobodyListens_Throws()
    {
        await using JstpListener server = Net.CreateServer(Options());
        IPEndPoint endPoint = await server.ListenAsync(port: 0, IPAddress.Loopback);
        await server.StopAsync();

        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => JstpClient.ConnectAsync("app", null, $"tcp://{endPoint}").WithinLimitAsync("the refusal"));
        await Assert.ThrowsAsync<WebSocketHandshakeException>(() => JstpClient.ConnectAsync("app", null, $"ws://{endPoint}").WithinLimitAsync("the refusal"));
    }

    private static async Task CallAsync(JstpListener listener, Func<IPEndPoint, string> toUrl, JstpClientOptions? options = null)
    {
        await using JstpListener server = listener;
        IPEndPoint endPoint = await server.ListenAsync(port: 0, IPAddress.Loopback);

        await using JstpClientConnection connection = await JstpClient.ConnectAsync("app", options, toUrl(endPoint)).WithinLimitAsync("the connection");
        string text = new('x', 100_000);

        Assert.Equal(text, await connection.GetProxy("echo").CallAsync<string>("value", text).WithinLimitAsync("the answer"));
        await connection.CloseAsync().WithinLimitAsync("the end");
    }

    private static JstpServerOptions Options()
    {
        var options = new JstpServerOptions();
        options.AddApplication("app", "1.0.0", application => application.AddInterface("echo", echo => echo.Method("value", (string value) => value)));

        return options;
    }

    private static JstpClientOptions Trusting(X509Certificate2 certificate) => new()
    {
        Tls = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.GetCertHashString() == certificate.GetCertHashString(),
        },
    };

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);

        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
