using System.Net;
using System.Net.Sockets;
using System.Text;
using Jstp.Host.Endpoints;
using Jstp.TestKit;
using Microsoft.Extensions.Configuration;

namespace Jstp.Host.Tests;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class EndpointTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("jstp-host-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("tcp://127.0.0.1:3000", EndpointScheme.Tcp, "127.0.0.1", 3000)]
    [InlineData("TCP://[::1]:1", EndpointScheme.Tcp, "::1", 1)]
    [InlineData("ws://*:0", EndpointScheme.Ws, "::", 0)]
    [InlineData("ws://localhost:80", EndpointScheme.Ws, null, 80)]
    public void Read_Url_IsAddressAndPort(string url, object scheme, string? address, int port)
    {
        NodeEndpoint endpoint = Assert.Single(Read(("Endpoints:a:Url", url)));

        Assert.Equal((EndpointScheme)scheme, endpoint.Scheme);
        Assert.Equal(address is null ? null : IPAddress.Parse(address), endpoint.Address);
        Assert.Equal(port, endpoint.Port);
    }

    [Theory]
    [InlineData("unix:/run/s", EndpointScheme.Unix)]
    [InlineData("unix:///run/s", EndpointScheme.Unix)]
    [InlineData("ws+unix:/run/s", EndpointScheme.WsUnix)]
    public void Read_UnixUrl_IsPathAndMode(string url, object scheme)
    {
        NodeEndpoint endpoint = Assert.Single(Read(("Endpoints:a:Url", url), ("Endpoints:a:UnixFileMode", "660")));

        Assert.Equal((EndpointScheme)scheme, endpoint.Scheme);
        Assert.Equal("/run/s", endpoint.UnixPath);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, endpoint.UnixFileMode);
    }

    [Theory]
    [InlineData("Jstp:Endpoints:a:Url", "Endpoints:a:Uri", "tcp://127.0.0.1:1")]
    [InlineData("Jstp:Endpoints:a:Url", "Endpoints:a:Url", "http://127.0.0.1:1")]
    [InlineData("Jstp:Endpoints:a:Url", "Endpoints:a:Url", "127.0.0.1:1")]
    [InlineData("Jstp:Endpoints:a:Url", "Endpoints:a:Url", "tcp://127.0.0.1")]
    [InlineData("Jstp:Endpoints:a:Url", "Endpoints:a:Url", "tcp:127.0.0.1:1")]
    [InlineData("Jstp:Endpoints:a:Url", "Endpoints:a:Url", "tcp://127.0.0.1:65536")]
    [InlineData("Jstp:Endpoints:a:Url", "Endpoints:a:Url", "tcp://example.org:1")]
    [InlineData("Jstp:Endpoints:a:Url", "Endpoints:a:Url", "tcp://localhost:0")]
    [InlineData("Jstp:Endpoints:a:Url", "Endpoints:a:Url", "unix:socket")]
    [InlineData("Jstp:Endpoints:a:Certificate", "Endpoints:a:Url", "tls://127.0.0.1:1")]
    public void Read_EndpointThatCannotWork_NamesTheKey(string named, string key, string value)
    {
        StartException refusal = Assert.Throws<StartException>(() => Read((key, value)));

        Assert.Equal(named, refusal.Message[..named.Length]);
        Assert.Contains(refusal.Message[named.Length], ": ");
    }

    [Fact]
    public void Read_CertificateOutOfPlaceOrBadMode_NamesTheKey()
    {
        StartException certificate = Assert.Throws<StartException>(() => Read(("Endpoints:a:Url", "tcp://127.0.0.1:1"), ("Endpoints:a:Certificate:PfxFile", "x")));
        StartException mode = Assert.Throws<StartException>(() => Read(("Endpoints:a:Url", "unix:/s"), ("Endpoints:a:UnixFileMode", "rw")));

        Assert.StartsWith("Jstp:Endpoints:a:Certificate ", certificate.Message, StringComparison.Ordinal);
        Assert.StartsWith("Jstp:Endpoints:a:UnixFileMode:", mode.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OwnAndSharedCertificate_OwnGoesFirst()
    {
        IReadOnlyList<NodeEndpoint> endpoints = Read(
            ("Tls:PfxFile", "shared.pfx"),
            ("Endpoints:a:Url", "tls://127.0.0.1:1"),
            ("Endpoints:b:Url", "wss://127.0.0.1:2"),
            ("Endpoints:b:Certificate:PfxFile", "own.pfx"));

        Assert.Equal(["shared.pfx", "own.pfx"], endpoints.Select(static endpoint => endpoint.Certificate!.PfxFile));
        Assert.Equal(["Jstp:Tls", "Jstp:Endpoints:b:Certificate"], endpoints.Select(static endpoint => endpoint.CertificateKey));
    }

    [Fact]
    public void FindUnknown_NestedKeys_AreNamed()
    {
        IConfigurationSection section = Section(
            ("WebSocket:FragmentationThreshold", "1"),
            ("WebSocket:Fragments", "1"),
            ("Tls:PfxFile", "x"),
            ("Tls:Pfx", "x"),
            ("Endpoints:a:Url", "x"),
            ("Endpoints:a:Address", "x"),
            ("Endpoints:a:Certificate:Path", "x"));

        Assert.Equal(
            ["Jstp:Endpoints:a:Address", "Jstp:Endpoints:a:Certificate:Path", "Jstp:Tls:Pfx", "Jstp:WebSocket:Fragments"],
            ConfigurationKeys.FindUnknown(section).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Start_EndpointsBesideUrls_ListensOnAllAndSaysSo()
    {
        string path = Path.Combine(_directory.FullName, "s");
        await using HostProcess host = HostProcess.Start(
            _directory.FullName, "--Jstp:Apps=conformance", "--Jstp:Endpoints:a:Url=tcp://127.0.0.1:0", $"--Jstp:Endpoints:b:Url=unix:{path}", "--Jstp:Endpoints:b:UnixFileMode=600");

        await host.ReadyAsync();
        var tcp = new Uri(await host.ReadListeningAsync());
        string unix = await host.ReadListeningAsync();

        Assert.Equal("tcp", tcp.Scheme);
        Assert.Equal($"unix:{path}", unix);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal("{handshake:[0],ok", await AskAsync(new IPEndPoint(IPAddress.Loopback, tcp.Port)));
        Assert.Equal("{handshake:[0],ok", await AskAsync(new UnixDomainSocketEndPoint(path)));
        host.Terminate();
        Assert.Equal(0, await host.ExitAsync());
        Assert.False(File.Exists(path));
        Assert.DoesNotContain("Overriding", host.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SocketOfADeadProcess_IsReplaced()
    {
        string path = Path.Combine(_directory.FullName, "s");
        await using (HostProcess killed = HostProcess.Start(_directory.FullName, $"--Jstp:Endpoints:b:Url=unix:{path}"))
        {
            await killed.ReadyAsync(); // and then it is killed
        }

        Assert.True(File.Exists(path));
        await using HostProcess host = HostProcess.Start(_directory.FullName, "--Jstp:Apps=conformance", $"--Jstp:Endpoints:b:Url=unix:{path}");
        await host.ReadyAsync();

        Assert.Equal("{handshake:[0],ok", await AskAsync(new UnixDomainSocketEndPoint(path)));
    }

    [Theory]
    [InlineData("--Jstp:Endpoints:a:Certificate:PfxFile=missing.pfx", "Jstp:Endpoints:a:Certificate")]
    [InlineData("--Jstp:Endpoints:a:Certificate:KeyFile=key.pem", "Jstp:Endpoints:a:Certificate")]
    [InlineData("--Jstp:Tls:CertificateFile=jstp.txt", "Jstp:Tls")]
    [InlineData("--Jstp:Tls:ReloadInterval=soon", "Jstp:Tls:ReloadInterval")]
    public async Task Start_CertificateThatCannotWork_EndsAndNamesTheKey(string argument, string key)
    {
        await using HostProcess host = HostProcess.Start(_directory.FullName, "--Jstp:Endpoints:a:Url=tls://127.0.0.1:0", argument);

        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains(key, host.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Errors, StringComparison.Ordinal);
    }

    private static IReadOnlyList<NodeEndpoint> Read(params (string Key, string? Value)[] settings) => EndpointReader.Read(Section(settings), urls: null);

    private static IConfigurationSection Section(params (string Key, string? Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create($"Jstp:{setting.Key}", setting.Value)))
        .Build()
        .GetSection("Jstp");

    /// <summary>The start of the answer to a handshake.</summary>
    private static async Task<string> AskAsync(EndPoint endPoint)
    {
        bool isUnix = endPoint is UnixDomainSocketEndPoint;
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint).WithinLimitAsync("the connection");
        await socket.SendAsync("{handshake:[0,'conformance']}\0"u8.ToArray());
        byte[] answer = new byte["{handshake:[0],ok".Length];
        await using var stream = new NetworkStream(socket);
        await stream.ReadExactlyAsync(answer).AsTask().WithinLimitAsync("the answer");

        return Encoding.UTF8.GetString(answer);
    }
}
