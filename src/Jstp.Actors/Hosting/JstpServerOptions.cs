using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Actors.Persistence;
using Jstp.Actors.Sessions;
using Jstp.Transport.Listening;
using Jstp.Transport.Mdsf;
using Jstp.Transport.WebSockets;

namespace Jstp.Actors.Hosting;

/// <summary>
/// What a JSTP server serves and where its limits are. The settings without code can be bound from a configuration section, <c>Jstp</c> in the Host.
/// Defaults are those of the protocol page, section 15, unless they say otherwise.
/// </summary>
public sealed class JstpServerOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string SectionName = "Jstp";

    private TimeSpan? _handOverTimeout; // null for the default

    /// <summary>The name of this node, 1 to 64 letters, digits, dots, dashes and underscores. The default is the machine's name.</summary>
    public string Node { get; set; } = Environment.MachineName;

    /// <summary>How often the server pings every client; null, the default, for never. The pongs release the events that clients have received (protocol page, section 9).</summary>
    public TimeSpan? HeartbeatInterval { get; set; }

    /// <summary>How long a session stays in memory after its connection ended, before only the session storage has it. The default is 1 hour.</summary>
    public TimeSpan ClientExpirationTime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a connection may take to complete its handshake, the work of authenticator and storage included. The default is 3 s.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a client may take to answer a Close frame. The default is 5 s.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a client may leave output untaken before its connection is cut off. The default is 30 s.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of output that may wait for a client that does not read, before its connection is cut off. The default is 16 MiB.</summary>
    public long MaxSendBacklog { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// The idle time after which the connection is probed, by a WebSocket ping or, where the transport has none, a JSTP ping; null for no probes. The
    /// default is 20 s.
    /// </summary>
    public TimeSpan? KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a probed connection may stay silent before it is cut off. The default is 10 s.</summary>
    public TimeSpan KeepAliveGracePeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of UTF-8 that a message may have, either way. The default is 8 MiB, the most that reference clients accept.</summary>
    public int MaxMessageSize { get; set; } = 8 * 1024 * 1024;

    /// <summary>Containers that may be open at once in a message, 1 to 1,000. The default is 512.</summary>
    public int MaxDepth { get; set; } = 512;

    /// <summary>Values that a message may have (MDSF page, section 4). The default is 1,048,576.</summary>
    public int MaxValueCount { get; set; } = 1_048_576;

    /// <summary>Calls of one client that may run at once, handlers of its events included; at the limit the server stops reading from it. The default is 1,024.</summary>
    public int MaxRunningCalls { get; set; } = 1024;

    /// <summary>Calls to one client that may wait for an answer; further ones fail. The default is 1,024.</summary>
    public int MaxPendingCalls { get; set; } = 1024;

    /// <summary>Unacknowledged messages of a session that draw a ping, whose pong acknowledges them. The default is 256.</summary>
    public int AcknowledgePingMessages { get; set; } = 256;

    /// <summary>Unacknowledged bytes of a session that draw a ping. The default is 256 KiB.</summary>
    public long AcknowledgePingBytes { get; set; } = 256 * 1024;

    /// <summary>Unacknowledged messages that a session may hold. The default is 65,536.</summary>
    public int MaxUnacknowledgedMessages { get; set; } = 65_536;

    /// <summary>Unacknowledged bytes that a session may hold. The default is 16 MiB.</summary>
    public long MaxUnacknowledgedBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>What happens at those two limits. The default is <see cref="BufferOverflowPolicy.EndConnection"/>.</summary>
    public BufferOverflowPolicy BufferOverflow { get; set; }

    /// <summary>
    /// Whether answers are kept until clients are proven to have them, so that a client which lost its connection gets the answers that it missed, and what it
    /// sends again is not executed again (docs/sessions.md). The default is no, which is what the reference does: such a client gives its calls up with error -1.
    /// </summary>
    public bool KeepAnswers { get; set; }

    /// <summary>Connections in a row that may end by a client's own fault, with no message of it handled, before its session is refused (protocol page, D23). The default is 5.</summary>
    public int MaxFruitlessConnections { get; set; } = 5;

    /// <summary>Connections that may be open at once, by whatever transport; further ones get 503, or are closed where there is no HTTP. The default is no limit.</summary>
    public int? MaxConnections { get; set; }

    /// <summary>Connections that one address may have; further ones are refused likewise. The default is no limit. Clients of Unix sockets are not counted.</summary>
    public int? MaxConnectionsPerAddress { get; set; }

    /// <summary>
    /// Settings of the WebSocket layer. Those that JSTP fixes, or that are settings of this class since they apply to every transport, must be left alone;
    /// what is refused says what to set instead.
    /// </summary>
    public WebSocketServerOptions WebSocket { get; set; } = new();

    /// <summary>The certificate of <c>Jstp.Wss</c> and <c>Jstp.Tls</c>; in the Host, of all endpoints with TLS that name none of their own.</summary>
    public TlsCertificateOptions? Tls { get; set; }

    /// <summary>The HTTP status, 200 to 599, of requests that are no WebSocket upgrade. The default is 400, the reference's.</summary>
    public int PlainHttpStatus { get; set; } = 400;

    /// <summary>
    /// Origins that browsers may come from, such as <c>https://example.org</c>; null, the default, for all, which is warned of at the start, and <c>*</c> for
    /// all because that is meant. Clients that send no origin are no browsers and always pass.
    /// </summary>
    public IList<string>? AllowedOrigins { get; set; }

    /// <summary>Decides on origins in place of <see cref="AllowedOrigins"/>; gets null from clients that send none.</summary>
    public Func<string?, bool>? OriginCheck { get; set; }

    /// <summary>How long stopping waits for clients to take their Close frames and for sessions to be stored. The default is 10 s.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Decides who may log in to applications that have no authenticator of their own; null refuses every login (protocol page, 5.4).</summary>
    public IJstpAuthenticator? Authenticator { get; set; }

    /// <summary>Keeps sessions beyond <see cref="ClientExpirationTime"/>; null for a <see cref="SimpleSessionStorageProvider"/>.</summary>
    public ISessionStorageProvider? SessionStorage { get; set; }

    /// <summary>
    /// Keeps sessions beyond this process, and makes the server a node of the cluster of all servers that use the same store (docs/cluster.md); null, the
    /// default, for neither. The server opens it when it starts; whoever made it disposes it after the server. Applications with a
    /// <see cref="SessionStorage"/>, of their own or of the server, keep their sessions there instead.
    /// </summary>
    public ISessionStore? SessionStore { get; set; }

    /// <summary>When sessions are written to the <see cref="SessionStore"/>. The default is <see cref="SessionDurability.OnDisconnect"/>.</summary>
    public SessionDurability Durability { get; set; }

    /// <summary>How long changes are collected before they are written, in <see cref="SessionDurability.Continuous"/>; 1 ms to 10 s. The default is 5 ms.</summary>
    public TimeSpan JournalInterval { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// How long a node that is asked for a session may take to hand it over, before the session is taken from it; less than
    /// <see cref="HandshakeTimeout"/>. The default is half of that, 1.5 s.
    /// </summary>
    public TimeSpan HandOverTimeout
    {
        get => _handOverTimeout ?? HandshakeTimeout / 2;
        set => _handOverTimeout = value;
    }

    /// <summary>How long the <see cref="SessionStore"/> keeps a session to which no client comes back. The default is 24 hours.</summary>
    public TimeSpan InactiveSessionLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Sessions that may be in memory while they have a <see cref="SessionStore"/>: above it, those that have been without a client for longest are left to
    /// the store before <see cref="ClientExpirationTime"/>. Sessions with a client are always in memory. The default is 250,000.
    /// </summary>
    public int MaxSessionsInMemory { get; set; } = 250_000;

    /// <summary>How long a node that leaves its cluster may take to send its clients away and to let go of its sessions. The default is 20 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Clients that are sent away at once while the node drains; more, if half of the <see cref="DrainTimeout"/> would not do. The default is 500.</summary>
    public int DrainBatchSize { get; set; } = 500;

    /// <summary>The pause between two batches of clients that are sent away. The default is 100 ms.</summary>
    public TimeSpan DrainInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    internal List<Func<IServiceProvider?, JstpApplication>> ApplicationFactories { get; } = [];

    internal List<Action<JstpServer>> ServerConfigurations { get; } = [];

    /// <summary>Limits of the reader, from the settings above.</summary>
    internal MdsfReaderOptions ReaderOptions => new() { MaxDepth = MaxDepth, MaxValueCount = MaxValueCount };

    /// <summary>Serves an application.</summary>
    public JstpServerOptions AddApplication(JstpApplication application)
    {
        ArgumentNullException.ThrowIfNull(application);
        ApplicationFactories.Add(_ => application);

        return this;
    }

    /// <summary>Serves an application whose classes get their services from the host.</summary>
    /// <param name="name">The name, 1 to 256 UTF-16 code units.</param>
    /// <param name="version">The semver version, such as <c>1.2.0</c>.</param>
    /// <param name="configure">Adds interfaces, methods and event handlers.</param>
    public JstpServerOptions AddApplication(string name, string version, Action<JstpApplicationBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        ApplicationFactories.Add(services => JstpApplication.Create(name, version, configure, services));

        return this;
    }

    /// <summary>Serves the applications of a module.</summary>
    public JstpServerOptions AddModule(IJstpModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        module.Configure(this);

        return this;
    }

    /// <summary>Has the server handed over as soon as it is made, to listen to its events for instance.</summary>
    public JstpServerOptions ConfigureServer(Action<JstpServer> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        ServerConfigurations.Add(configure);

        return this;
    }

    /// <summary>Decides who may log in, in place of <see cref="Authenticator"/>.</summary>
    /// <param name="authenticate">Returns the user's name, or null to refuse; a <c>JstpException</c> refuses with its error.</param>
    public JstpServerOptions UseAuthenticator(Func<JstpAuthenticationContext, CancellationToken, ValueTask<string?>> authenticate)
    {
        ArgumentNullException.ThrowIfNull(authenticate);
        Authenticator = new DelegateAuthenticator(authenticate);

        return this;
    }
}
