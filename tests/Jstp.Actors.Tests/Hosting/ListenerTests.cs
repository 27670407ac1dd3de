using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Jstp.TestKit;
using Jstp.Transport.Listening;
using Jstp.Transport.WebSockets;
using Microsoft.Extensions.Options;

namespace Jstp.Actors.Tests.Hosting;

/// <summary><c>Jstp.Ws</c>, <c>Jstp.Wss</c>, <c>Jstp.Net</c> and <c>Jstp.Tls</c> on real sockets.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ListenerTests : IDisposable
{
    private static readonly JstpApplication Application = JstpApplication.Create(
        "app", "1.0.0", static app => app.AddInterface("calc", static calc => calc.Method("add", static (int a, int b) => a + b)));

    private readonly string _directory = Directory.CreateTempSubdirectory("jstp").FullName;
    private readonly X509Certificate2 _certificate = CreateCertificate();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NetAndTls_Client_IsServedAndTheListenerIsCalled(bool hasTls)
    {
        var connected = new TaskCompletionSource<JstpConnection>();
        await using JstpListener listener = hasTls
            ? Tls.CreateServer([Application], new TlsCertificateOptions { Certificate = _certificate }, connected.SetResult)
            : Net.CreateServer([Application], connected.SetResult);
        IPEndPoint endPoint = await listener.ListenAsync(0, IPAddress.Loopback);
        await using LineClient client = await LineClient.ConnectAsync(endPoint, hasTls ? _certificate.Thumbprint : null);

        Assert.StartsWith("{handshake:[0],ok:'", await client.AskAsync("{handshake:[0,'app']}"), StringComparison.Ordinal);
        Assert.Equal("{callback:[1],ok:[3]}", await client.AskAsync("{call:[1,'calc'],add:[1,2]}"));
        Assert.Equal(IPAddress.Loopback, ((await connected.Task.WithinLimitAsync("the listener")).RemoteEndPoint as IPEndPoint)?.Address);
        Task stopped = listener.StopAsync();
        Assert.Null(await client.ReceiveAsync());
        await stopped.WithinLimitAsync("the stop");
    }

    [Fact]
    public async Task Wss_Client_IsServedAndPlainHttpGets400AndOtherProtocolsGet403()
    {
        await using JstpListener listener = Wss.CreateServer([Application], new TlsCertificateOptions { Certificate = _certificate });
        IPEndPoint endPoint = await listener.ListenAsync(0, IPAddress.Loopback);

        using ClientWebSocket client = await ConnectAsync($"wss://localhost:{endPoint.Port}/");
        Assert.StartsWith("{handshake:[0],ok:'", await AskAsync(client, "{handshake:[0,'app']}"), StringComparison.Ordinal);
        using HttpClientHandler handler = new() { ServerCertificateCustomValidationCallback = (_, presented, _, _) => presented?.Thumbprint == _certificate.Thumbprint };
        using HttpClient http = new(handler);
        using HttpResponseMessage plain = await http.GetAsync(new Uri($"https://localhost:{endPoint.Port}/"));
        using ClientWebSocket stranger = new();
        stranger.Options.RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == _certificate.Thumbprint;
        stranger.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => stranger.ConnectAsync(new Uri($"wss://localhost:{endPoint.Port}/"), CancellationToken.None));

        Assert.Equal(HttpStatusCode.BadRequest, plain.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, stranger.HttpStatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ListenAsync_AfterAFailedStart_Listens(bool isWebSocket)
    {
        using var occupied = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        occupied.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        occupied.Listen();
        await using JstpListener listener = isWebSocket ? Ws.CreateServer([Application]) : Net.CreateServer([Application]);

        await Assert.ThrowsAnyAsync<IOException>(() => listener.ListenAsync(((IPEndPoint)occupied.LocalEndPoint!).Port, IPAddress.Loopback));
        IPEndPoint endPoint = await listener.ListenAsync(0, IPAddress.Loopback);

        Assert.True(listener.IsListening);
        Assert.NotEqual(0, endPoint.Port);
    }

    [Fact]
    public async Task CloseAsync_WebSocketClient_Gets1001AndRestoresItsSessionWhereTheListenerListensAgain()
    {
        await using JstpListener listener = Ws.CreateServer([Application]);
        IPEndPoint endPoint = await listener.ListenAsync(0, IPAddress.Loopback);
        using ClientWebSocket client = await ConnectAsync($"ws://{endPoint}/");
        string session = (await AskAsync(client, "{handshake:[0,'app']}")).Split('\'')[1];

        Task closed = listener.CloseAsync();
        Assert.Equal("", await ReceiveAsync(client));
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, client.CloseStatus); // 1001
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await closed.WithinLimitAsync("the close");
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync($"ws://{endPoint}/"));

        using ClientWebSocket again = await ConnectAsync($"ws://{await listener.ListenAsync(0, IPAddress.Loopback)}/");
        Assert.Equal("{handshake:[0],ok:0}", await AskAsync(again, $"{{handshake:[0,'app'],session:['{session}',0]}}"));
    }

    [Fact]
    public async Task CloseAsync_ClientsBeforeAndAfterTheHandshake_EndAtOnce()
    {
        await using JstpListener listener = Net.CreateServer([Application]);
        IPEndPoint endPoint = await listener.ListenAsync(0, IPAddress.Loopback);
        await using LineClient client = await LineClient.ConnectAsync(endPoint);
        await client.AskAsync("{handshake:[0,'app']}");
        await using LineClient silent = await LineClient.ConnectAsync(endPoint);

        await listener.CloseAsync().WithinLimitAsync("the close");

        Assert.Null(await client.ReceiveAsync());
        Assert.Null(await silent.ReceiveAsync());
        Assert.False(listener.IsListening);
    }

    [Fact]
    public async Task CreateServer_FurtherListenersOfOneServer_ShareItsSessionsAndCloseAlone()
    {
        string path = Path.Combine(_directory, "s");
        await using JstpListener first = Ws.CreateServer([Application]);
        await using JstpListener second = Net.CreateServer(first.Server);
        EndPoint unix = await second.ListenAsync(path, mode: UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using ClientWebSocket client = await ConnectAsync($"ws://{await first.ListenAsync(0, IPAddress.Loopback)}/");
        string session = (await AskAsync(client, "{handshake:[0,'app']}")).Split('\'')[1];
        using ClientWebSocket other = await ConnectAsync($"ws://{first.Addresses[0]}/");
        await AskAsync(other, "{handshake:[0,'app']}");

        await using LineClient restored = await LineClient.ConnectAsync(unix);
        Assert.Equal("{handshake:[0],ok:0}", await restored.AskAsync($"{{handshake:[0,'app'],session:['{session}',0]}}"));
        await second.StopAsync();

        Assert.Null(await restored.ReceiveAsync());
        Assert.Equal("{pong:[1]}", await AskAsync(other, "{ping:[1]}"));
        Assert.False(File.Exists(path));
        await Assert.ThrowsAsync<InvalidOperationException>(() => second.ListenAsync(path));
    }

    [Fact]
    public async Task ListenAsync_InheritedSocket_ServesAndLeavesItToItsOwner()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using JstpListener listener = Net.CreateServer([Application]);

        EndPoint endPoint = await listener.ListenAsync(socket);

        await using LineClient client = await LineClient.ConnectAsync(endPoint);
        Assert.StartsWith("{handshake:[0],ok:'", await client.AskAsync("{handshake:[0,'app']}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(null, 2)]
    public async Task MaxConnections_Reached_RefusesByEveryTransportUntilOneLeaves(int? maxConnections, int? maxPerAddress)
    {
        var options = new JstpServerOptions { MaxConnections = maxConnections, MaxConnectionsPerAddress = maxPerAddress };
        await using JstpListener streams = Net.CreateServer(options.AddApplication(Application));
        await using JstpListener sockets = Ws.CreateServer(streams.Server);
        IPEndPoint endPoint = await streams.ListenAsync(0, IPAddress.Loopback);
        IPEndPoint webEndPoint = await sockets.ListenAsync(0, IPAddress.Loopback);
        await using LineClient first = await LineClient.ConnectAsync(endPoint);
        await first.AskAsync("{handshake:[0,'app']}");
        using ClientWebSocket second = await ConnectAsync($"ws://{webEndPoint}/");

        await using LineClient refused = await LineClient.ConnectAsync(endPoint);
        using ClientWebSocket refusedToo = new();
        refusedToo.Options.AddSubProtocol("metarhia-jstp");
        refusedToo.Options.CollectHttpResponseDetails = true;

        Assert.Null(await refused.ReceiveAsync());
        await Assert.ThrowsAsync<WebSocketException>(() => refusedToo.ConnectAsync(new Uri($"ws://{webEndPoint}/"), CancellationToken.None));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refusedToo.HttpStatusCode);
        await first.DisposeAsync();
        await Patience.UntilAsync(() => streams.Server.ClientCount == 0, "the client to be gone");
        await AdmittedAsync(endPoint);
    }

    [Fact]
    public void CreateServer_CertificateMissingOrOutOfPlace_Throws()
    {
        Assert.Contains("Jstp:Tls", Assert.Throws<ArgumentException>(() => Tls.CreateServer(new JstpServerOptions())).Message, StringComparison.Ordinal);
        Assert.Contains("Jstp:Tls", Assert.Throws<ArgumentException>(() => Wss.CreateServer(new JstpServerOptions())).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Tls.CreateServer(new JstpServerOptions { Tls = new TlsCertificateOptions { KeyFile = "key.pem" } }));
        Assert.Throws<ArgumentException>(() => Net.CreateServer(new JstpServerOptions { Tls = new TlsCertificateOptions { Certificate = _certificate } }));
    }

    [Fact]
    public void WebSocketOptions_NotFree_AreRefusedByNameAndTheOthersAreTaken()
    {
        string[] free = ["FragmentOutgoingMessages", "FragmentationThreshold", "MaxFragmentsPerMessage", "MaxControlFramesPerSecond", "AcceptBinary", "AllowVersion8", "Compression", "KeepRequest"];

        foreach (System.Reflection.PropertyInfo property in typeof(WebSocketServerOptions).GetProperties())
        {
            var options = new JstpServerOptions();
            property.SetValue(options.WebSocket, Changed(property.PropertyType, property.GetValue(options.WebSocket)));

            ValidateOptionsResult result = new JstpServerOptionsValidator().Validate(name: null, options);

            Assert.Equal(free.Contains(property.Name), result.Succeeded);
            Assert.All(result.Failures ?? [], failure => Assert.StartsWith($"Jstp:WebSocket:{property.Name} ", failure, StringComparison.Ordinal));
        }
    }

    public void Dispose()
    {
        _certificate.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static object Changed(Type type, object? value) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var boolean when boolean == typeof(bool) => !(bool)value!,
        var number when number == typeof(int) => ((int?)value ?? 0) + 1,
        var number when number == typeof(long) => ((long?)value ?? 0) + 1,
        var time when time == typeof(TimeSpan) => ((TimeSpan?)value ?? TimeSpan.Zero) + TimeSpan.FromSeconds(1),
        var policy when policy == typeof(SlowConsumerPolicy) => SlowConsumerPolicy.Close,
        var origins when origins == typeof(IList<string>) => new List<string> { "https://example.org" },
        var check when check == typeof(Func<string?, bool>) => static bool (string? _) => true,
        var compression when compression == typeof(WebSocketCompressionOptions) => new WebSocketCompressionOptions(),
        var other => throw new InvalidOperationException($"How is a {other} changed?"),
    };

    // A place is free once the server has done with the last connection, which its client cannot see.
    private static async Task AdmittedAsync(IPEndPoint endPoint)
    {
        string? answer = null;

        while (answer is null)
        {
            await using LineClient next = await LineClient.ConnectAsync(endPoint);

            try
            {
                answer = await next.AskAsync("{handshake:[0,'app']}");
            }
            catch (IOException)
            {
                // reset, as the text met a connection that was closed
            }
        }

        Assert.StartsWith("{handshake:[0],ok:'", answer, StringComparison.Ordinal);
    }

    private async Task<ClientWebSocket> ConnectAsync(string url)
    {
        var client = new ClientWebSocket();
        client.Options.AddSubProtocol("metarhia-jstp");
        client.Options.RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == _certificate.Thumbprint;
        await client.ConnectAsync(new Uri(url), CancellationToken.None).WithinLimitAsync("the upgrade");

        return client;
    }

    private static async Task<string> AskAsync(ClientWebSocket client, string text)
    {
        await client.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

        return await ReceiveAsync(client);
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket client)
    {
        byte[] buffer = new byte[1024];
        WebSocketReceiveResult result = await client.ReceiveAsync(buffer, CancellationToken.None).WithinLimitAsync("a message");

        return Encoding.UTF8.GetString(buffer, 0, result.Count);
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));

        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
