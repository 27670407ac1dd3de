using System.Net.WebSockets;

namespace Jstp.Transport.WebSockets;

/// <summary>A connection seen as the framework's <see cref="WebSocket"/> (specification page, section 9).</summary>
internal sealed class WebSocketView(WebSocketConnection connection) : WebSocket
{
    private readonly IAsyncEnumerator<WebSocketMessage> _messages = connection.ReadAllAsync().GetAsyncEnumerator();
    private Task<bool>? _next; // asked for, and perhaps still under way after a receive that was cancelled
    private WebSocketMessageType _type;
    private ReadOnlyMemory<byte> _rest;
    private bool _inMessage;
    private bool _sendingMessage;
    private int _receiving;

    public override WebSocketCloseStatus? CloseStatus => connection.PeerCloseCode ?? (connection.CloseInfo is { WasClean: true } ? WebSocketCloseStatus.Empty : null);

    public override string? CloseStatusDescription
        => connection.CloseInfo is { WasClean: true } info && info.Code == info.PeerCloseCode ? info.Description : null;

    public override string? SubProtocol => connection.Protocol;

    public override WebSocketState State => connection.State switch
    {
        WebSocketConnectionState.Open => WebSocketState.Open,
        WebSocketConnectionState.CloseSent => WebSocketState.CloseSent,
        WebSocketConnectionState.Aborted => WebSocketState.Aborted,
        WebSocketConnectionState.Closed when connection.CloseInfo is { WasClean: false } => WebSocketState.Aborted,
        _ => WebSocketState.Closed, // the peer's Close is answered as soon as it is read
    };

    public override void Abort() => connection.Abort();

    /// <summary>Sends a Close, and waits until the connection has ended.</summary>
    public override async Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        await CloseOutputAsync(closeStatus, statusDescription, cancellationToken);

        // Whoever reads no more must not keep the peer's Close from being read.
        if (Interlocked.Exchange(ref _receiving, 1) == 0)
        {
            _next ??= _messages.MoveNextAsync().AsTask();

            while (await _next.WaitAsync(cancellationToken))
            {
                _next = _messages.MoveNextAsync().AsTask();
            }

            (_rest, _inMessage) = (default, false);
            Volatile.Write(ref _receiving, 0);
        }

        await connection.Completion.WaitAsync(cancellationToken);
    }

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        return connection.CloseAsync(closeStatus is WebSocketCloseStatus.Empty ? WebSocketCloseStatus.NormalClosure : closeStatus, statusDescription ?? "").AsTask();
    }

    /// <summary>Cuts the connection off unless it was closed.</summary>
    public override void Dispose()
    {
        if (!connection.Completion.IsCompleted)
        {
            connection.Abort();
        }
    }

    public override async Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken)
    {
        ValueWebSocketReceiveResult result = await ReceiveAsync(buffer.AsMemory(), cancellationToken);

        return result.MessageType is WebSocketMessageType.Close
            ? new WebSocketReceiveResult(0, WebSocketMessageType.Close, true, CloseStatus, CloseStatusDescription)
            : new WebSocketReceiveResult(result.Count, result.MessageType, result.EndOfMessage);
    }

    /// <summary>Receives a message or the next part of it. When it is cancelled nothing is lost, and the connection stays usable.</summary>
    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _receiving, 1) != 0)
        {
            throw new InvalidOperationException("A receive is under way already.");
        }

        try
        {
            if (!_inMessage && !await BeginMessageAsync(cancellationToken))
            {
                return await EndAsync(cancellationToken);
            }

            int count = Math.Min(buffer.Length, _rest.Length);
            _rest[..count].CopyTo(buffer);
            _rest = _rest[count..];
            _inMessage = !_rest.IsEmpty;
            return new ValueWebSocketReceiveResult(count, _type, endOfMessage: !_inMessage);
        }
        finally
        {
            Volatile.Write(ref _receiving, 0);
        }
    }

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
        => SendAsync(buffer.AsMemory(), messageType, endOfMessage, cancellationToken).AsTask();

    /// <summary>Sends a message, or a part of it as a frame of its own. One send at a time, as parts of two messages must not mingle.</summary>
    public override ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        if (messageType is WebSocketMessageType.Close)
        {
            throw new ArgumentException("To close, use CloseAsync.", nameof(messageType));
        }

        if (endOfMessage && !_sendingMessage)
        {
            return connection.SendAsync(messageType, buffer, cancellationToken);
        }

        Opcode opcode = _sendingMessage ? Opcode.Continuation : WebSocketProtocol.ToOpcode(messageType);
        _sendingMessage = !endOfMessage;
        return connection.SendFrameAsync(new WebSocketFrame(opcode, buffer, endOfMessage), cancellationToken: cancellationToken);
    }

    private async ValueTask<bool> BeginMessageAsync(CancellationToken cancellationToken)
    {
        _next ??= _messages.MoveNextAsync().AsTask();

        if (!await _next.WaitAsync(cancellationToken))
        {
            return false;
        }

        _next = null;
        (_type, _rest, _inMessage) = (_messages.Current.Type, _messages.Current.Payload, true);
        return true;
    }

    private async ValueTask<ValueWebSocketReceiveResult> EndAsync(CancellationToken cancellationToken)
    {
        WebSocketCloseInfo info = await connection.Completion.WaitAsync(cancellationToken);

        return info.WasClean
            ? new ValueWebSocketReceiveResult(0, WebSocketMessageType.Close, endOfMessage: true)
            : throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely, info.Description, info.Exception);
    }
}
