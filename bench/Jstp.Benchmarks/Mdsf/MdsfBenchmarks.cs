using System.Buffers;
using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Jstp.Transport.Mdsf;

namespace Jstp.Benchmarks.Mdsf;

/// <summary>Reading and writing MDSF, beside System.Text.Json on the same values as JSON.</summary>
[MemoryDiagnoser]
public class MdsfBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(1024 * 1024);
    private byte[] _json = [];
    private byte[] _mdsf = [];
    private MdsfValue _value = MdsfValue.Undefined;

    /// <summary>Which of <see cref="Samples"/> to use.</summary>
    [Params("small", "mixed", "large")]
    public string Input { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        string json = Samples.Json(Input);
        _json = Encoding.UTF8.GetBytes(json);
        _value = MdsfValue.Parse(_json);
        _mdsf = Encoding.UTF8.GetBytes(_value.ToString());

        Check.That(MdsfValue.Parse(_mdsf).Equals(_value), "the value reads back equal");
        Check.That(Tokens() == JsonTokens(), "both readers see the same tokens");
        Write();
        Check.That(_output.WrittenSpan.SequenceEqual(_mdsf), "the value writes its text");
    }

    [Benchmark(Baseline = true)]
    public int JsonTokens()
    {
        var reader = new Utf8JsonReader(_json);
        int count = 0;

        while (reader.Read())
        {
            count++;
        }

        return count;
    }

    [Benchmark]
    public int Tokens()
    {
        var reader = new MdsfReader(_mdsf);
        int count = 0;

        while (reader.Read())
        {
            count++;
        }

        return count;
    }

    /// <summary>JSON, which MDSF readers accept too: quoted names.</summary>
    [Benchmark]
    public int TokensOfJson()
    {
        var reader = new MdsfReader(_json);
        int count = 0;

        while (reader.Read())
        {
            count++;
        }

        return count;
    }

    [Benchmark]
    public MdsfValue Parse() => MdsfValue.Parse(_mdsf);

    [Benchmark]
    public void Write()
    {
        _output.ResetWrittenCount();
        var writer = new MdsfWriter(_output);
        _value.WriteTo(ref writer);
        writer.Flush();
    }
}
