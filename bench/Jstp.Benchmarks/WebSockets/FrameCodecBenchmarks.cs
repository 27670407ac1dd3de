using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using BenchmarkDotNet.Attributes;
using Jstp.Transport.WebSockets;

namespace Jstp.Benchmarks.WebSockets;

/// <summary>
/// What the frame codec costs a message: sixteen text messages of a client lie in one buffer, as one read of a busy
/// connection finds them.
/// </summary>
[MemoryDiagnoser]
public class FrameCodecBenchmarks
{
    private const int MessageCount = 16;
    private const uint MaskKey = 0x3D21FA37;

    private readonly ArrayBufferWriter<byte> _output = new(1024 * 1024);
    private byte[] _message = [];
    private byte[] _received = [];
    private byte[] _input = [];
    private ReadOnlySequence<byte> _sequence;
    private WebSocketProtocol _server = null!;

    /// <summary>Length of a message in bytes: a small call, a call with 1 KiB, the largest message of one default fragment.</summary>
    [Params(42, 1024, 16 * 1024)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _message = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, Length).Select(i => (char)('a' + (i % 26)))));
        _received = [.. Enumerable.Repeat(MaskedFrame(_message), MessageCount).SelectMany(frame => frame)];
        _input = new byte[_received.Length];
        _sequence = new ReadOnlySequence<byte>(_input);
        _server = new WebSocketProtocol(WebSocketRole.Server, WebSocketProtocolOptions.Server, _output);

        _received.CopyTo(_input, 0);
        ReadOnlySequence<byte> rest = _sequence;

        for (int i = 0; i < MessageCount; i++)
        {
            WebSocketEvent message = _server.Read(ref rest);
            Check.That(message.Type == WebSocketEventType.Message, "a message is read");
            Check.That(message.Payload.Span.SequenceEqual(_message), "the message is the one that was sent");
        }

        Check.That(_server.Read(ref rest).Type == WebSocketEventType.None && rest.IsEmpty, "there is nothing else");

        Write();
        Check.That(_output.WrittenSpan.EndsWith(_message), "the message is written");
    }

    /// <summary>Copying the bytes back, which every reading does too, because it unmasks in place: subtract it from <see cref="Read"/>.</summary>
    [Benchmark(OperationsPerInvoke = MessageCount)]
    public void CopyOnly() => _received.CopyTo(_input, 0);

    [Benchmark(OperationsPerInvoke = MessageCount)]
    public long Read()
    {
        _received.CopyTo(_input, 0);
        ReadOnlySequence<byte> rest = _sequence;
        long length = 0;

        for (WebSocketEvent message = _server.Read(ref rest); message.Type != WebSocketEventType.None; message = _server.Read(ref rest))
        {
            length += message.Payload.Length;
        }

        return length;
    }

    [Benchmark(OperationsPerInvoke = MessageCount)]
    public void Write()
    {
        _output.ResetWrittenCount();

        for (int i = 0; i < MessageCount; i++)
        {
            _server.WriteMessage(WebSocketMessageType.Text, _message);
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _server.Dispose();

    private static byte[] MaskedFrame(byte[] payload)
    {
        byte[] length = payload.Length <= 125 ? [(byte)(0x80 | payload.Length)] : [0xFE, (byte)(payload.Length >> 8), (byte)payload.Length];
        byte[] key = BitConverter.GetBytes(MaskKey);
        return [0x81, .. length, .. key, .. payload.Select((b, i) => (byte)(b ^ key[i % key.Length]))];
    }
}
