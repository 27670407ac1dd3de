using System.Buffers;
using System.Net.WebSockets;
using Jstp.Transport.WebSockets.Compression;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// One end of a WebSocket connection without its transport (RFC 6455; specification page, sections 5 and 6): received bytes go in at
/// <see cref="Read"/>, what is to be sent comes out in the buffer writer given to the constructor.
/// </summary>
/// <remarks>
/// <para>
/// Not thread-safe: it belongs to one caller at a time. The order of calls after bytes arrived: <see cref="Read"/> until it returns
/// <see cref="WebSocketEventType.None"/>, with writes in between as wanted; then advance the input to what <see cref="Read"/> left, and flush the
/// output once. Reading until <see cref="WebSocketEventType.None"/> also gives pooled memory back.
/// </para>
/// <para>
/// Rules are decided at a frame's header, before its payload is looked at. Pings and Close are answered, and broken rules met with a Close, inside
/// <see cref="Read"/>. Nothing that a peer sends makes a method throw.
/// </para>
/// <para>While the peer is silent between messages the object holds no buffer, timer or token.</para>
/// </remarks>
public sealed partial class WebSocketProtocol : IDisposable
{
    private readonly WebSocketProtocolOptions _options;
    private readonly IBufferWriter<byte> _output;
    private readonly WebSocketRole _role;
    private readonly PerMessageDeflate? _compression;

    private WebSocketCloseStatus? _ownCloseCode;
    private WebSocketCloseStatus? _reportedPeerCode;
    private string _closeDescription = "";

    /// <summary>Begins a connection whose opening handshake is done.</summary>
    /// <param name="role">Which end this is.</param>
    /// <param name="options">The rules; may be shared between connections.</param>
    /// <param name="output">Where frames are written; never flushed from here.</param>
    public WebSocketProtocol(WebSocketRole role, WebSocketProtocolOptions options, IBufferWriter<byte> output)
        : this(role, options, output, (PerMessageDeflate?)null)
    {
    }

    /// <summary>Begins a connection on which compression was agreed on.</summary>
    /// <param name="role">Which end this is.</param>
    /// <param name="options">The rules; may be shared between connections.</param>
    /// <param name="output">Where frames are written; never flushed from here.</param>
    /// <param name="compression">What was agreed on; <see langword="null"/> is nothing.</param>
    public WebSocketProtocol(WebSocketRole role, WebSocketProtocolOptions options, IBufferWriter<byte> output, WebSocketCompression? compression)
        : this(role, options, output, compression?.Begin())
    {
    }

    /// <summary>Begins a connection on which compression was agreed on, if any.</summary>
    internal WebSocketProtocol(WebSocketRole role, WebSocketProtocolOptions options, IBufferWriter<byte> output, PerMessageDeflate? compression)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);

        _role = role;
        _options = options;
        _output = output;
        _compression = compression;
        AutomaticPong = options.AutomaticPong;
    }

    /// <summary>Which end of the connection this is.</summary>
    public WebSocketRole Role => _role;

    /// <summary>How far the connection is on its way to the end.</summary>
    public WebSocketConnectionState State { get; private set; }

    /// <summary>Whether pings are answered unasked.</summary>
    internal bool AutomaticPong { get; set; }

    /// <summary>Whether the peer broke a rule or a limit, so that our Close was written for it.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Whether the peer's Close arrived.</summary>
    public bool PeerClosed { get; private set; }

    /// <summary>The code in the peer's Close, were it illegal; <see langword="null"/> when none came or it was empty.</summary>
    public WebSocketCloseStatus? PeerCloseCode { get; private set; }

    /// <summary>How the connection ended, or, before it did, how it would be reported if it ended now.</summary>
    /// <param name="exception">The transport's error, when one ended the connection.</param>
    public WebSocketCloseInfo GetCloseInfo(Exception? exception = null)
    {
        WebSocketCloseStatus code = _ownCloseCode ?? _reportedPeerCode ?? CloseCode.Abnormal;
        string description = _ownCloseCode is null && !PeerClosed
            ? exception?.Message ?? CloseCode.GetDescription(CloseCode.Abnormal)
            : _closeDescription;
        bool wasClean = PeerClosed && !HasFailed && State is not WebSocketConnectionState.Aborted;

        return new WebSocketCloseInfo(code, description, wasClean, PeerCloseCode, exception);
    }

    /// <summary>Says that the transport ended or was ended: nothing is read or written any more.</summary>
    public void OnTransportEnded()
    {
        if (State is not WebSocketConnectionState.Aborted)
        {
            State = WebSocketConnectionState.Closed;
        }
    }

    /// <summary>Says that the transport was cut off without waiting for the peer.</summary>
    public void OnAborted()
    {
        if (State is not WebSocketConnectionState.Closed)
        {
            State = WebSocketConnectionState.Aborted;
        }
    }

    /// <summary>Gives pooled memory back. Sends nothing.</summary>
    public void Dispose()
    {
        _delivered = false;
        _follower = default;
        _message.Clear();
        _compression?.Dispose();
    }
}
