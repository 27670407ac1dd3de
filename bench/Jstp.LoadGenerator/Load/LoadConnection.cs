using System.Diagnostics;
using System.Net.Sockets;
using System.Numerics;
using System.Text;
using Jstp.LoadGenerator.Wire;

namespace Jstp.LoadGenerator.Load;

/// <summary>
/// One connection that keeps its number of calls outstanding: every answer is followed by a new call, and all new calls of one
/// read leave in one write.
/// </summary>
internal sealed class LoadConnection
{
    // Answers may overtake one another: this many times the window may pass a call by before it counts as lost.
    private const int OvertakenWindows = 4;
    private const int ShownLength = 80;

    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly LoadContext _context;
    private readonly EventReader _events;
    private readonly long[] _sentAt; // by id modulo length; 0 where no call is outstanding
    private byte[] _unread; // the beginning of a frame whose end has not arrived
    private byte[] _unsent = []; // what the socket had no room for
    private byte[]? _fragments; // the payload so far of a message that is still going on
    private long _nextId = 1;

    public LoadConnection(Socket socket, byte[] early, int window, LoadContext context)
    {
        _socket = socket;
        _descriptor = (int)socket.Handle;
        _unread = early;
        _context = context;
        _events = new EventReader(context.Script);
        _sentAt = new long[BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, window) * OvertakenWindows)];
    }

    /// <summary>Calls without an answer.</summary>
    public int OutstandingCount { get; private set; }

    /// <summary>Whether the connection has ended.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Sends the first calls.</summary>
    public void Start(int window)
    {
        int length = 0;
        long now = Stopwatch.GetTimestamp();

        for (int i = 0; i < window; i++)
        {
            length += WriteCall(length, now);
        }

        Send(_context.Output.AsSpan(0, length));
    }

    /// <summary>Takes what the socket has to read, and gives it what waits to be sent.</summary>
    public void OnReady()
    {
        if (IsClosed)
        {
            return;
        }

        try
        {
            SendUnsent();
            ReceiveAll();
        }
        catch (LoadException e)
        {
            End(e.Message);
        }
    }

    /// <summary>Ends the connection with a reset, which leaves no port in TIME_WAIT.</summary>
    public void Close()
    {
        IsClosed = true;
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }

    private void ReceiveAll()
    {
        byte[] input = _context.Input;
        bool mayHaveMore = true;

        while (mayHaveMore && !IsClosed)
        {
            int kept = _unread.Length;
            _unread.CopyTo(input, 0);
            int count = Epoll.Receive(_descriptor, input.AsSpan(kept));

            if (count == 0)
            {
                End("The server ended the connection.");
            }

            if (count <= 0)
            {
                return;
            }

            // Edge-triggered: a read that filled its buffer may have left something, a short one has not.
            mayHaveMore = kept + count == input.Length;
            int consumed = HandleFrames(input.AsSpan(0, kept + count));

            if (consumed == 0 && mayHaveMore)
            {
                throw new LoadException($"The server sent a frame of more than {input.Length} bytes.");
            }

            _unread = input.AsSpan(consumed, kept + count - consumed).ToArray();
        }
    }

    /// <returns>Bytes consumed.</returns>
    private int HandleFrames(ReadOnlySpan<byte> input)
    {
        int consumed = 0;
        int outputLength = 0;
        long receivedAt = Stopwatch.GetTimestamp();

        while (!IsClosed && ServerFrame.TryRead(input[consumed..], out ServerFrame frame))
        {
            consumed += frame.Length;
            outputLength = HandleFrame(frame, outputLength, receivedAt);
        }

        if (outputLength > 0)
        {
            Send(_context.Output.AsSpan(0, outputLength));
        }

        return consumed;
    }

    /// <returns>Length of the output, with what the frame was answered by.</returns>
    private int HandleFrame(ServerFrame frame, int outputLength, long receivedAt)
    {
        switch (frame.Opcode)
        {
            case ClientFrame.TextOpcode when frame.IsFinal && _fragments is null:
                return HandleMessage(frame.Payload, outputLength, receivedAt);

            case ClientFrame.TextOpcode when _fragments is null:
            case ClientFrame.ContinuationOpcode when _fragments is not null:
                return HandleFragment(frame, outputLength, receivedAt);

            case ClientFrame.PingOpcode:
                return WriteFrame(ClientFrame.PongOpcode, frame.Payload, outputLength);

            case ClientFrame.PongOpcode:
                return outputLength;

            case ClientFrame.CloseOpcode:
                End("The server sent a close frame.");
                return outputLength;

            default:
                throw new LoadException($"The server sent a frame with opcode {frame.Opcode}, out of place.");
        }
    }

    private int HandleFragment(ServerFrame frame, int outputLength, long receivedAt)
    {
        _fragments = [.. _fragments ?? [], .. frame.Payload];

        if (!frame.IsFinal)
        {
            return outputLength;
        }

        byte[] message = _fragments;
        _fragments = null;
        return HandleMessage(message, outputLength, receivedAt);
    }

    private int HandleMessage(ReadOnlySpan<byte> message, int outputLength, long receivedAt)
    {
        do
        {
            int length = _context.Answers.Read(message, out long id);

            if (length == 0)
            {
                return HandleOther(message, outputLength);
            }

            Complete(id, receivedAt);

            if (!_events.TryEndCall())
            {
                _context.Meter.Fail($"Call {id} was answered before all of its events had come.");
            }

            message = message[length..];

            if (_context.Meter.IssuesCalls)
            {
                outputLength += WriteCall(outputLength, receivedAt);
            }
        }
        while (_context.Script.AnswersShareMessages && message.Length > 0);

        if (message.Length > 0)
        {
            _context.Meter.Fail($"Behind an answer stands: {Shown(message)}");
        }

        return outputLength;
    }

    private int HandleOther(ReadOnlySpan<byte> message, int outputLength)
    {
        CallScript script = _context.Script;

        if (_events.TryRead(message))
        {
            _context.Meter.EventCount++;
            return outputLength;
        }

        if (script.LivenessPrefix.Length > 0
            && message.StartsWith(script.LivenessPrefix)
            && _events.TryReadLiveness(message[script.LivenessPrefix.Length..]))
        {
            byte[] answer = [.. script.LivenessAnswerPrefix, .. message[script.LivenessPrefix.Length..]];
            return WriteFrame(ClientFrame.TextOpcode, answer, outputLength);
        }

        _context.Meter.Fail($"Not an answer: {Shown(message)}");
        return outputLength;
    }

    private void Complete(long id, long receivedAt)
    {
        ref long sentAt = ref _sentAt[id & (_sentAt.Length - 1)];

        if (id <= 0 || id >= _nextId || id < _nextId - _sentAt.Length || sentAt == 0)
        {
            _context.Meter.Fail($"An answer to call {id}, which is not outstanding.");
            return;
        }

        _context.Meter.Latencies.Record(receivedAt - sentAt);
        sentAt = 0;
        OutstandingCount--;
    }

    /// <returns>Bytes written to the output.</returns>
    private int WriteCall(int outputLength, long now)
    {
        ref long sentAt = ref _sentAt[_nextId & (_sentAt.Length - 1)];

        if (sentAt != 0)
        {
            throw new LoadException($"Call {_nextId - _sentAt.Length} was overtaken by {_sentAt.Length - 1} others and is still unanswered.");
        }

        sentAt = now;
        OutstandingCount++;
        return _context.Calls.Write(_nextId++, _context.Output.AsSpan(outputLength));
    }

    private int WriteFrame(byte opcode, ReadOnlySpan<byte> payload, int outputLength)
    {
        byte[] frame = ClientFrame.Build(opcode, payload);
        frame.CopyTo(_context.Output, outputLength);
        return outputLength + frame.Length;
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        int sent = _unsent.Length > 0 ? 0 : Math.Max(0, Epoll.Send(_descriptor, bytes));

        if (sent < bytes.Length)
        {
            _unsent = [.. _unsent, .. bytes[sent..]];
        }
    }

    private void SendUnsent()
    {
        while (_unsent.Length > 0)
        {
            int sent = Epoll.Send(_descriptor, _unsent);

            if (sent < 0)
            {
                return;
            }

            _unsent = _unsent[sent..];
        }
    }

    private void End(string error)
    {
        _context.Meter.Fail(error);
        Close();
    }

    private static string Shown(ReadOnlySpan<byte> text) =>
        Encoding.UTF8.GetString(text[..Math.Min(ShownLength, text.Length)]);
}
