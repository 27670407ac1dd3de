using Jstp.Client.Applications;
using Jstp.Client.Connections;
using Jstp.Client.Tests.Connections;
using Jstp.TestKit;

namespace Jstp.Client.Tests.Servers;

/// <summary>A client that is connected to a scripted server, on a clock that the test moves and with a log that the test reads.</summary>
internal sealed class Session : IAsyncDisposable
{
    private const string SessionId = "S1";

    private Session(JstpClientConnection connection, JstpClientOptions options, ScriptedServer server, ScriptedPeer peer)
    {
        Connection = connection;
        Options = options;
        Server = server;
        Peer = peer;
    }

    public JstpClientConnection Connection { get; }

    public JstpClientOptions Options { get; }

    public ScriptedServer Server { get; }

    public ScriptedPeer Peer { get; set; }

    public LogCollector Logs => (LogCollector)Options.LoggerFactory!;

    public ManualTimeProvider Time => (ManualTimeProvider)Options.TimeProvider;

    public HeldReconnector Reconnector => (HeldReconnector)Options.Reconnector!;

    public static async Task<Session> OpenAsync(JstpClientApplication? application = null, Action<JstpClientOptions>? configure = null)
    {
        var options = new JstpClientOptions
        {
            Application = application ?? new JstpClientApplication(),
            KeepAliveInterval = null,
            Reconnector = new HeldReconnector(),
            LoggerFactory = new LogCollector(),
            TimeProvider = new ManualTimeProvider(),
        };
        configure?.Invoke(options);
        var server = new ScriptedServer();
        Task<JstpClientConnection> connecting = JstpClient.ConnectAsync("app", options, server.Url);
        ScriptedPeer peer = await server.AcceptAsync();
        await peer.ExpectAsync("{handshake:[0,'app']}");
        await peer.SendAsync($"{{handshake:[0],ok:'{SessionId}'}}");

        return new Session(await connecting.WithinLimitAsync("the handshake"), options, server, peer);
    }

    /// <summary>Accepts the client's next connection, and answers its restore.</summary>
    public async Task RestoreAsync(long clientCount, long serverCount)
    {
        Peer = await Server.AcceptAsync();
        await Peer.ExpectAsync($"{{handshake:[0,'app'],session:['{SessionId}',{clientCount}]}}");
        await Peer.SendAsync($"{{handshake:[0],ok:{serverCount}}}");
    }

    public async ValueTask DisposeAsync()
    {
        Task closed = Connection.CloseAsync();
        Peer.Dispose();
        await closed.WithinLimitAsync("the end");
        Server.Dispose();
        Logs.ThrowOnUnexpected();
    }
}
