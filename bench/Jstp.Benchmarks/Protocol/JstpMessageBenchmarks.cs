using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Jstp.Benchmarks.Mdsf;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Benchmarks.Protocol;

/// <summary>Taking a call apart and putting its answer together, beside the mere tokens of the same text.</summary>
[MemoryDiagnoser]
public class JstpMessageBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(1024 * 1024);
    private byte[] _arguments = [];
    private byte[] _call = [];

    /// <summary>Which of <see cref="Samples"/> the call's only argument is made of.</summary>
    [Params("small", "mixed", "large")]
    public string Argument { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        string argument = MdsfValue.Parse(Samples.Json(Argument)).ToString();
        _arguments = Encoding.UTF8.GetBytes($"[{argument}]");
        _call = Encoding.UTF8.GetBytes($"{{call:[1234567,'echo'],value:[{argument}]}}");

        JstpMessageResult result = JstpMessageReader.Read(_call, default, out JstpMessage message);
        Check.That(result.IsOk && message.Kind == JstpMessageKind.Call && message.Id == 1234567, "the call is read");
        Check.That(message.Target.Span.IndexOf("echo"u8) >= 0 && message.ArgumentCount == 1, "interface and arguments are found");
        Check.That(message.Value.Span.SequenceEqual(_arguments), "the arguments are a slice of the text");

        WriteResults();
        Check.That(Encoding.UTF8.GetString(_output.WrittenSpan) == $"{{callback:[1234567],ok:[{argument}]}}", "the answer is written");
    }

    [Benchmark(Baseline = true)]
    public int TokensOnly()
    {
        var reader = new MdsfReader(_call);
        int count = 0;

        while (reader.Read())
        {
            count++;
        }

        return count;
    }

    [Benchmark]
    public long ReadCall()
    {
        JstpMessageReader.Read(_call, default, out JstpMessage message);
        return message.Id;
    }

    [Benchmark]
    public void WriteResults()
    {
        _output.ResetWrittenCount();
        JstpMessageWriter.WriteResults(_output, 1234567, _arguments);
    }
}
