using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jstp.Transport.Listening;
using Jstp.Transport.Tests.WebSockets;

namespace Jstp.Transport.Tests.Listening;

/// <summary>The listener of all servers without a host: where it listens, again and again, and what it hands on.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class KestrelListenerTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("listener").FullName;

    [Fact]
    public async Task Listen_AfterAFailedStart_Listens()
    {
        await using KestrelListener first = CreateEcho();
        await using KestrelListener second = CreateEcho();
        var taken = (IPEndPoint)await first.ListenAsync(0, "127.0.0.1");

        await Assert.ThrowsAnyAsync<IOException>(() => second.ListenAsync(taken.Port, "127.0.0.1"));
        Assert.False(second.IsListening);
        Assert.Empty(second.Addresses);

        Assert.Equal("hi", await EchoAsync(await second.ListenAsync(0, "127.0.0.1")));
    }

    [Fact]
    public async Task Listen_AfterStop_ListensAgainAndWhileListeningThrows()
    {
        await using KestrelListener listener = CreateEcho();
        var first = (IPEndPoint)await listener.ListenAsync(0, "127.0.0.1");

        await Assert.ThrowsAsync<InvalidOperationException>(() => listener.ListenAsync(0, "127.0.0.1"));
        await listener.StopAsync(static () => Task.CompletedTask).Soon();
        await Assert.ThrowsAsync<SocketException>(() => EchoAsync(first));

        Assert.Equal("hi", await EchoAsync(await listener.ListenAsync(first.Port, "127.0.0.1")));
    }

    [Fact]
    public async Task Listen_OnAllAddresses_IsReachedByIPv4()
    {
        await using KestrelListener listener = CreateEcho();

        var endPoint = (IPEndPoint)await listener.ListenAsync(0, host: null);

        Assert.Equal("hi", await EchoAsync(new IPEndPoint(IPAddress.Loopback, endPoint.Port)));
    }

    [Fact]
    public async Task Listen_OnAUnixSocket_ServesWithItsModeAndRemovesItAtTheEnd()
    {
        string path = Path.Combine(_directory, "s");
        await using KestrelListener listener = CreateEcho();

        EndPoint endPoint = await listener.ListenAsync(path, mode: UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal("hi", await EchoAsync(endPoint));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        await listener.StopAsync(static () => Task.CompletedTask).Soon();
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Listen_OnAnInheritedHandle_ServesAndLeavesItToItsOwner()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using KestrelListener listener = CreateEcho();

        EndPoint endPoint = await listener.ListenAsync((ulong)socket.Handle);

        Assert.Equal(socket.LocalEndPoint, endPoint);
        Assert.Equal("hi", await EchoAsync(endPoint));
        await listener.StopAsync(static () => Task.CompletedTask).Soon();
        Assert.NotNull(socket.LocalEndPoint);
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("something/else")]
    [InlineData(null)]
    public async Task Tls_WithoutHttp_TakesClientsWhateverTheyWouldNegotiate(string? protocol)
    {
        using X509Certificate2 certificate = CreateCertificate();
        await using KestrelListener listener = CreateEcho(new ListenerOptions { Tls = new TlsCertificateOptions { Certificate = certificate } });
        EndPoint endPoint = await listener.ListenAsync(0, "127.0.0.1");
        using Socket socket = await ConnectAsync(endPoint);
        await using var tls = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: true, (_, presented, _, _) => presented?.GetCertHashString() == certificate.Thumbprint);

        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = protocol is null ? null : [new SslApplicationProtocol(protocol)],
        });

        await tls.WriteAsync("hi"u8.ToArray());
        byte[] answer = new byte[2];
        await tls.ReadExactlyAsync(answer).AsTask().Soon();
        Assert.Equal("hi"u8.ToArray(), answer);
    }

    [Fact]
    public async Task Listen_CertificateThatIsNone_ThrowsAndCanBeMended()
    {
        string file = Path.Combine(_directory, "cert.pfx");
        await File.WriteAllTextAsync(file, "no certificate");
        await using KestrelListener listener = CreateEcho(new ListenerOptions { Tls = new TlsCertificateOptions { PfxFile = file } });

        await Assert.ThrowsAnyAsync<CryptographicException>(() => listener.ListenAsync(0, "127.0.0.1"));
        using X509Certificate2 certificate = CreateCertificate();
        await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pfx));

        Assert.NotNull(await listener.ListenAsync(0, "127.0.0.1"));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static KestrelListener CreateEcho(ListenerOptions? options = null) => new(options ?? new ListenerOptions(), static async connection =>
    {
        while (await connection.Transport.Input.ReadAsync() is { IsCompleted: false } result)
        {
            foreach (ReadOnlyMemory<byte> piece in result.Buffer)
            {
                await connection.Transport.Output.WriteAsync(piece);
            }

            connection.Transport.Input.AdvanceTo(result.Buffer.End);
        }

        await connection.CompleteAsync(TimeSpan.FromSeconds(5), TimeProvider.System);
    });

    private static async Task<string> EchoAsync(EndPoint endPoint)
    {
        using Socket socket = await ConnectAsync(endPoint);
        await socket.SendAsync("hi"u8.ToArray());
        byte[] answer = new byte[2];
        int length = await socket.ReceiveAsync(answer).Soon();

        return System.Text.Encoding.ASCII.GetString(answer, 0, length);
    }

    private static async Task<Socket> ConnectAsync(EndPoint endPoint)
    {
        bool isUnix = endPoint is UnixDomainSocketEndPoint;
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint);

        return socket;
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));

        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }
}
