using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using Jstp.Client.Applications;
using Jstp.Client.Authentication;
using Jstp.Client.Connections;
using Jstp.Client.Reconnection;
using Jstp.Transport.Mdsf;
using Jstp.Transport.WebSockets;
using Microsoft.Extensions.Logging;

namespace Jstp.Client;

/// <summary>How a client connects, and what it does while it is connected. Do not change it once a connection uses it.</summary>
public sealed class JstpClientOptions
{
    private MdsfSerializer? _serializer;

    /// <summary>How the client makes itself known when it opens a session. The default is anonymously. A restore never asks it.</summary>
    public IJstpConnectPolicy ConnectPolicy { get; set; } = JstpConnectPolicy.Anonymous;

    /// <summary>What the server may call. The default is <c>jstp</c> 1.0.0 without interfaces (protocol page, section 12).</summary>
    public JstpClientApplication Application { get; set; } = new();

    /// <summary>Says when to reconnect after the connection was lost; null never reconnects. The default is <see cref="JstpBackoff.Default"/>.</summary>
    public IJstpReconnector? Reconnector { get; set; } = JstpBackoff.Default;

    /// <summary>What to do when the server no longer knows the session. The default is to close.</summary>
    public RefusedSessionAction OnRefusedSession { get; set; } = RefusedSessionAction.Close;

    /// <summary>How often to send a JSTP ping, whatever else is sent (protocol page, section 9); null, the default, never.</summary>
    public TimeSpan? HeartbeatInterval { get; set; }

    /// <summary>Silence of the server after which it is pinged; null never looks. The default is 20 s, as that of the reference's WebSocket layer.</summary>
    public TimeSpan? KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Silence after that ping after which the connection counts as lost. The default is 10 s.</summary>
    public TimeSpan KeepAliveGracePeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one attempt to connect may take, TLS and handshakes included. The default is 15 s; infinite is allowed.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the server may take for its part of an orderly close. The default is 5 s.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes that a message may have, either way. The default is 8 MiB (protocol page, section 1); at least 1 KiB.</summary>
    public int MaxMessageSize { get; set; } = 8 * 1024 * 1024;

    /// <summary>Calls, inspects and pings that may wait for an answer; further ones fail at once. The default is 65,536.</summary>
    public int MaxPendingCalls { get; set; } = 65_536;

    /// <summary>Calls of the server that may run at once; further ones are answered with error 16. The default is 1,024.</summary>
    public int MaxRunningCalls { get; set; } = 1024;

    /// <summary>Sent messages that the server has not acknowledged, above which a ping asks it to. The default is 256 (protocol page, D11).</summary>
    public int AcknowledgePingMessages { get; set; } = 256;

    /// <summary>Bytes of such messages, above which a ping asks for it. The default is 256 KiB.</summary>
    public long AcknowledgePingBytes { get; set; } = 256 * 1024;

    /// <summary>
    /// Messages that may wait for the server's acknowledgement, those sent while disconnected included. Beyond it calls and <c>Emit</c> fail and
    /// <c>EmitAsync</c> waits. The default is 65,536.
    /// </summary>
    public int MaxUnacknowledgedMessages { get; set; } = 65_536;

    /// <summary>Bytes of such messages. The default is 16 MiB.</summary>
    public long MaxUnacknowledgedBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Events that may wait for a reader of <c>ReadEventsAsync</c>; beyond it the reader fails. The default is 65,536.</summary>
    public int MaxQueuedEvents { get; set; } = 65_536;

    /// <summary>Converts arguments, results and events. Give one of your own for source-generated contracts. Typed proxies need none.</summary>
    public MdsfSerializer Serializer
    {
        // Made only when it is asked for: typed proxies never do.
        [RequiresUnreferencedCode(RunTimeTypes.Message)]
        [RequiresDynamicCode(RunTimeTypes.Message)]
        get => _serializer ?? MdsfSerializer.Default;
        set
        {
            _serializer = value;
            HasSerializer = value is not null;
        }
    }

    /// <summary>What to trust and what to prove ourselves with over <c>wss</c> and <c>tls</c>; null, the default, is the system's trust.</summary>
    public SslClientAuthenticationOptions? Tls { get; set; }

    /// <summary>Changes the settings of WebSocket connections, such as headers, cookies or the proxy, before each attempt.</summary>
    public Action<WebSocketClientOptions>? ConfigureWebSocket { get; set; }

    /// <summary>
    /// Prepares a connection before it is made. Subscribe here to events that the server may send at once: what nobody listens to when it arrives is gone.
    /// </summary>
    public Action<JstpClientConnection>? ConfigureConnection { get; set; }

    /// <summary>Takes the log; null, the default, is none. Trace shows messages, handshakes left out.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>The clock of every interval and timeout.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Whether there is a serializer, which is not asked for to find out.</summary>
    internal bool HasSerializer { get; private set; } = true;
}
