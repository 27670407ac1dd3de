using System.Net.WebSockets;
using System.Text;
using Jstp.TestKit;

namespace Jstp.Host.Tests;

public sealed class ConfigurationTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("jstp-host-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("--Jstp:HeartbeatInterval=often", "Jstp:HeartbeatInterval")]
    [InlineData("--Jstp:HeartbeatInterval=00:00:00", "Jstp:HeartbeatInterval")]
    [InlineData("--Jstp:HandshakeTimeout=-00:00:01", "Jstp:HandshakeTimeout")]
    [InlineData("--Jstp:MaxMessageSize=12", "Jstp:MaxMessageSize")]
    [InlineData("--Jstp:MaxConnections=0", "Jstp:MaxConnections")]
    [InlineData("--Jstp:WebSocket:MaxReceivedFrameSize=1", "Jstp:WebSocket:MaxReceivedFrameSize")]
    [InlineData("--Jstp:Endpoints:a:Url=http://127.0.0.1:0", "Jstp:Endpoints:a:Url")]
    [InlineData("--Jstp:Node=a node", "Jstp:Node")]
    [InlineData("--Jstp:Apps=nowhere", "Jstp:Apps")]
    [InlineData("--Jstp:Apps=README.md", "Jstp:Apps")]
    [InlineData("--Jstp:InlineCompletions=perhaps", "Jstp:InlineCompletions")]
    [InlineData("--Jstp:Store=cloud", "Jstp:Store")]
    [InlineData("--Jstp:ConnectionString=Data Source=jstp.db;Mode=ReadOnly", "Jstp:ConnectionString")]
    [InlineData("--Jstp:ConnectionString=/proc/jstp.db", "Jstp:Store, Jstp:ConnectionString: The session file '/proc/jstp.db'")]
    [InlineData("--Jstp:ConnectionString=/proc/nowhere/jstp.db", "Jstp:Store, Jstp:ConnectionString: The session file '/proc/nowhere/jstp.db'")]
    [InlineData("--Jstp:ConnectionString=/tmp", "Jstp:Store, Jstp:ConnectionString: The session file '/tmp'")]
    [InlineData("--Jstp:Durability=Sometimes", "Jstp:Durability")]
    [InlineData("--Jstp:JournalInterval=00:01:00", "Jstp:JournalInterval")]
    [InlineData("--Jstp:HandOverTimeout=00:00:03", "Jstp:HandOverTimeout")]
    [InlineData("--Jstp:InactiveSessionLifetime=0", "Jstp:InactiveSessionLifetime")]
    [InlineData("--Jstp:MaxSessionsInMemory=none", "Jstp:MaxSessionsInMemory")]
    [InlineData("--Jstp:DrainBatchSize=0", "Jstp:DrainBatchSize")]
    [InlineData("--Jstp:AllowedOrigins=https://shop.example,nowhere", "Jstp:AllowedOrigins holds 'nowhere'")]
    public async Task Start_SettingThatCannotWork_EndsAndNamesTheKey(string argument, string key)
    {
        await using HostProcess host = HostProcess.Start(_directory.FullName, argument);

        int exitCode = await host.ExitAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains(key, Assert.Single(host.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal); // an operator needs no stack trace
    }

    [Theory]
    [InlineData("Jstp:ConnectionString: ")]
    [InlineData("Jstp:ConnectionString is no connection string", "--Jstp:ConnectionString=somewhere")]
    [InlineData("Jstp:PostgreSql:MaxConnectionCount ", "--Jstp:ConnectionString=Host=127.0.0.1", "--Jstp:PostgreSql:MaxConnectionCount=1")]
    [InlineData("Jstp:Store, Jstp:ConnectionString: ", "--Jstp:ConnectionString=Host=127.0.0.1;Port=9;Database=jstp;Username=jstp")] // nobody listens
    public async Task Start_PostgreSqlThatCannotWork_EndsAndNamesTheKey(string explanation, params string[] arguments)
    {
        await using HostProcess host = HostProcess.Start(_directory.FullName, ["--Jstp:Store=postgres", .. arguments]);

        int exitCode = await host.ExitAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains(explanation, Assert.Single(host.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_UnknownKey_WarnsAndRuns()
    {
        await using HostProcess host = HostProcess.Start(_directory.FullName, "--Jstp:Heartbeat=00:00:30");

        await host.ReadyAsync();

        await Patience.UntilAsync(() => host.Errors.Contains("'Jstp:Heartbeat' is no setting", StringComparison.Ordinal), "the warning");
    }

    [Fact]
    public async Task Start_FileInWorkingDirectory_IsReadAndGivesWayToTheCommandLine()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "jstp.json"), """{"Jstp":{"Node":"of-file","Apps":["conformance"]}}""");
        await using HostProcess fromFile = HostProcess.Start(_directory.FullName);
        await using HostProcess fromLine = HostProcess.Start(_directory.FullName, "--Jstp:Node=of-line", "--Jstp:ConnectionString=line.db");

        string nodeOfFile = await AskNodeAsync(await fromFile.ReadyAsync());
        string nodeOfLine = await AskNodeAsync(await fromLine.ReadyAsync());

        Assert.Equal("{callback:[1],ok:['of-file']}", nodeOfFile);
        Assert.Equal("{callback:[1],ok:['of-line']}", nodeOfLine);
    }

    [Fact]
    public async Task Terminate_ConnectedClient_GetsGoingAwayAndTheHostExitsWithZero()
    {
        await using HostProcess host = HostProcess.Start(_directory.FullName);
        using ClientWebSocket client = await ConnectAsync(await host.ReadyAsync());

        host.Terminate();
        WebSocketReceiveResult close = await client.ReceiveAsync(new byte[64], CancellationToken.None).WithinLimitAsync("the close");
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        int exitCode = await host.ExitAsync();

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, close.CloseStatus); // 1001
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Restart_DefaultStore_SessionIsStillThere()
    {
        string sessionId;

        await using (HostProcess before = HostProcess.Start(_directory.FullName))
        {
            using ClientWebSocket client = await OpenAsync(await before.ReadyAsync());
            await SendAsync(client, "{handshake:[0,'conformance']}");
            sessionId = (await ReceiveAsync(client)).Split('\'')[1];
            before.Terminate();
            await client.ReceiveAsync(new byte[64], CancellationToken.None).WithinLimitAsync("the close");
            await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            Assert.Equal(0, await before.ExitAsync());
        }

        await using HostProcess after = HostProcess.Start(_directory.FullName);
        using ClientWebSocket returned = await OpenAsync(await after.ReadyAsync());
        await SendAsync(returned, $"{{handshake:[0,'conformance'],session:['{sessionId}',0]}}");

        Assert.Equal("{handshake:[0],ok:0}", await ReceiveAsync(returned));
        Assert.True(File.Exists(Path.Combine(_directory.FullName, "jstp.db")));
    }

    private static async Task<string> AskNodeAsync(Uri url)
    {
        using ClientWebSocket client = await ConnectAsync(url);
        await SendAsync(client, "{call:[1,'session'],node:[]}");

        return await ReceiveAsync(client);
    }

    private static async Task<ClientWebSocket> OpenAsync(Uri url)
    {
        var client = new ClientWebSocket();
        client.Options.AddSubProtocol("metarhia-jstp");
        await client.ConnectAsync(url, CancellationToken.None).WithinLimitAsync("the connection");

        return client;
    }

    private static async Task<ClientWebSocket> ConnectAsync(Uri url)
    {
        ClientWebSocket client = await OpenAsync(url);
        await SendAsync(client, "{handshake:[0,'conformance']}");
        Assert.StartsWith("{handshake:[0],ok:'", await ReceiveAsync(client), StringComparison.Ordinal);

        return client;
    }

    private static Task SendAsync(ClientWebSocket client, string text) =>
        client.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private static async Task<string> ReceiveAsync(ClientWebSocket client)
    {
        byte[] buffer = new byte[1024];
        WebSocketReceiveResult result = await client.ReceiveAsync(buffer, CancellationToken.None).WithinLimitAsync("a message");

        return Encoding.UTF8.GetString(buffer, 0, result.Count);
    }
}
