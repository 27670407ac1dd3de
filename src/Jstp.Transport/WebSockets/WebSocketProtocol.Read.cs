using System.Buffers;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using Jstp.Transport.WebSockets.Compression;

namespace Jstp.Transport.WebSockets;

public sealed partial class WebSocketProtocol
{
    // The message being put together; its bytes so far, while something needs them.
    private PooledBuffer _message;
    private Utf8Validator _text;
    private long _messageLength;
    private int _fragments;
    private Opcode _messageOpcode; // Continuation while there is none
    private bool _messageCompressed;

    // The data frame whose payload is under way.
    private long _remaining;
    private uint _maskKey;
    private byte _firstByte;
    private bool _inPayload;
    private bool _skipping;
    private bool _lostFraming; // after a failure that leaves no way to find the next header

    // What the last event handed out must live until the next call.
    private bool _delivered;
    private WebSocketEvent _follower;

    /// <summary>
    /// Takes the next thing out of the received bytes. A message of one frame that lies in one segment is unmasked where it lies, which writes to
    /// the memory of <paramref name="input"/>; bytes that are taken must therefore not be presented again.
    /// </summary>
    /// <param name="input">What arrived and was not taken yet; on return, what is left. Part of a frame may be taken.</param>
    /// <returns>
    /// What was found. After <see cref="WebSocketEventType.None"/> everything left was looked at. After <see cref="WebSocketEventType.Close"/> or
    /// <see cref="WebSocketEventType.Failed"/> no further message comes; see <see cref="WebSocketCloser"/> for the rest.
    /// </returns>
    public WebSocketEvent Read(ref ReadOnlySequence<byte> input)
    {
        ReleaseDelivered();

        if (_follower.Type is not WebSocketEventType.None)
        {
            WebSocketEvent follower = _follower;
            _follower = default;
            _delivered = true;
            return follower;
        }

        while (true)
        {
            WebSocketEvent found;
            bool progressed = _inPayload ? ReadPayload(ref input, out found) : ReadFrame(ref input, out found);

            if (found.Type is not WebSocketEventType.None)
            {
                return found;
            }

            if (!progressed)
            {
                WriteDeferredPong();
                return default;
            }
        }
    }

    private bool ReadFrame(ref ReadOnlySequence<byte> input, out WebSocketEvent found)
    {
        found = default;

        if (PeerClosed || _lostFraming || State is WebSocketConnectionState.Closed or WebSocketConnectionState.Aborted)
        {
            input = input.Slice(input.End); // RFC 6455, 5.5.1: nothing follows a Close
            return false;
        }

        FrameHeaderStatus status = FrameHeader.TryParse(input, out FrameHeader header);

        if (status is not FrameHeaderStatus.Complete)
        {
            return RejectIncompleteHeader(ref input, status, header, out found);
        }

        if (!HasFailed && Check(header) is { } violation)
        {
            found = Fail(violation);
        }

        if (header.IsControl)
        {
            return ReadControlFrame(ref input, header, ref found);
        }

        if (TryReadInPlace(ref input, header, out WebSocketEvent message))
        {
            found = message;
            return true;
        }

        input = input.Slice(header.Length);
        BeginPayload(header);
        return true;
    }

    /// <summary>The common case: a message of one frame, all of it in the first segment.</summary>
    private bool TryReadInPlace(ref ReadOnlySequence<byte> input, in FrameHeader header, out WebSocketEvent message)
    {
        message = default;
        ReadOnlyMemory<byte> first = input.First;

        if (!header.Fin
            || header.Reserved != 0
            || header.Opcode is Opcode.Continuation
            || header.PayloadLength > first.Length - header.Length
            || State is not WebSocketConnectionState.Open
            || !_options.AssembleFragments)
        {
            return false;
        }

        int payloadLength = (int)header.PayloadLength;
        ReadOnlyMemory<byte> payload = first.Slice(header.Length, payloadLength);

        if (header.IsMasked)
        {
            Masking.Apply(MemoryMarshal.AsMemory(payload).Span, header.MaskKey);
        }

        input = input.Slice(header.Length + payloadLength);

        message = header.Opcode is Opcode.Binary ? new WebSocketEvent(WebSocketMessageType.Binary, payload)
            : Utf8.IsValid(payload.Span) ? new WebSocketEvent(WebSocketMessageType.Text, payload)
            : Fail(ProtocolViolation.InvalidText);
        return true;
    }

    private void BeginPayload(in FrameHeader header)
    {
        _firstByte = header.FirstByte;
        _remaining = header.PayloadLength;
        _maskKey = header.MaskKey;
        _inPayload = true;
        _skipping = State is not WebSocketConnectionState.Open;

        if (_skipping)
        {
            return;
        }

        if (header.Opcode is not Opcode.Continuation)
        {
            _messageOpcode = header.Opcode;
            _messageCompressed = header.Rsv1;
            _text = default;
        }

        _messageLength += header.PayloadLength;
        _fragments++;
    }

    private bool ReadPayload(ref ReadOnlySequence<byte> input, out WebSocketEvent found)
    {
        found = default;

        if (!_skipping && State is not WebSocketConnectionState.Open)
        {
            // Our Close in the middle of a message makes the rest of it worthless.
            _skipping = true;
            DropMessage();
        }

        while (_remaining > 0 && !input.IsEmpty)
        {
            ReadOnlySpan<byte> chunk = input.FirstSpan;
            chunk = chunk[..(int)Math.Min(chunk.Length, _remaining)];

            if (!_skipping && !TryAppend(chunk))
            {
                found = Fail(ProtocolViolation.InvalidText);
                _skipping = true;
            }

            _remaining -= chunk.Length;
            input = input.Slice(chunk.Length);
        }

        if (found.Type is not WebSocketEventType.None || _remaining > 0)
        {
            return false;
        }

        _inPayload = false;

        if (!_skipping)
        {
            found = CompleteFrame();
        }

        return true;
    }

    private bool TryAppend(ReadOnlySpan<byte> chunk)
    {
        Span<byte> destination = _message.GetSpan(chunk.Length, _remaining)[..chunk.Length];

        Masking.Copy(chunk, destination, _maskKey);
        _maskKey = Masking.Advance(_maskKey, chunk.Length);
        _message.Advance(chunk.Length);

        return !ChecksText || _text.Append(destination);
    }

    private bool ChecksText
        => _messageOpcode is Opcode.Text && !_messageCompressed && (_options.AssembleFragments || _options.ValidateUtf8InFrameMode);

    private WebSocketEvent CompleteFrame()
    {
        bool fin = (_firstByte & 0x80) != 0;

        if (fin && ChecksText && !_text.IsComplete)
        {
            return Fail(ProtocolViolation.InvalidText);
        }

        if (!_options.AssembleFragments)
        {
            return DeliverFrame(fin);
        }

        if (!fin)
        {
            return default;
        }

        if (_messageCompressed && InflateMessage() is { } violation)
        {
            return Fail(violation);
        }

        WebSocketMessageType type = MessageType;
        EndMessage();
        _delivered = true;
        return new WebSocketEvent(type, _message.Memory);
    }

    /// <summary>Puts the inflated message in the place of the compressed one.</summary>
    private ProtocolViolation? InflateMessage()
    {
        var inflated = default(PooledBuffer);
        InflateStatus status = _compression!.Inflater.Inflate(_message.Memory, MaxMessageLength, ref inflated);

        _message.Clear();
        _message = inflated;

        return status switch
        {
            InflateStatus.TooLarge => ProtocolViolation.InflatedTooLarge(MaxMessageLength),
            InflateStatus.Invalid => ProtocolViolation.InvalidCompression,
            _ when _messageOpcode is Opcode.Text && !Utf8.IsValid(_message.Memory.Span) => ProtocolViolation.InvalidText,
            _ => null,
        };
    }

    /// <summary>Frame mode (specification page, 5.4): the frame, and after it the message if the frame was all of it.</summary>
    private WebSocketEvent DeliverFrame(bool fin)
    {
        if (fin)
        {
            if (_fragments == 1 && !_messageCompressed)
            {
                _follower = new WebSocketEvent(MessageType, _message.Memory);
            }

            EndMessage();
        }

        _delivered = true;
        return new WebSocketEvent(WebSocketEventType.Frame, _firstByte, _message.Memory);
    }

    private WebSocketMessageType MessageType => _messageOpcode is Opcode.Text ? WebSocketMessageType.Text : WebSocketMessageType.Binary;

    private void DropMessage()
    {
        EndMessage();
        _message.Clear();
    }

    private void EndMessage()
    {
        _messageOpcode = Opcode.Continuation;
        _messageLength = 0;
        _fragments = 0;
    }

    private void ReleaseDelivered()
    {
        if (_delivered && _follower.Type is WebSocketEventType.None)
        {
            _delivered = false;
            _message.Clear();
        }
    }
}
