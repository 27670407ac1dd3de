using System.Text;
using BenchmarkDotNet.Attributes;
using Jstp.Actors.Applications.Dispatch;
using Jstp.Transport.Mdsf;

namespace Jstp.Benchmarks.Dispatch;

/// <summary>
/// A call from its arguments to the text of its answer: through an invoker that is compiled from what reflection finds, as the server does it, and through what a
/// generator would write. With a record the two also differ in how it is converted.
/// </summary>
[MemoryDiagnoser]
[MinColumn]
public class DispatchBenchmarks
{
    private const int MaxAnswerLength = 1024;

    private readonly byte[] _numbers = "[2.5,3]"u8.ToArray();
    private readonly byte[] _part = "[{sku:'bolt-7',count:12,weight:0.25,note:'left shelf'}]"u8.ToArray();
    private readonly AnswerHost _host = new();
    private readonly InstanceTarget _target = new(new DepotInterface());
    private JstpMethod _compiledAdd = null!;
    private JstpMethod _generatedAdd = null!;
    private JstpMethod _compiledKeep = null!;
    private JstpMethod _generatedKeep = null!;

    [GlobalSetup]
    public void Setup()
    {
        _compiledAdd = Compile(nameof(DepotInterface.Add));
        _compiledKeep = Compile(nameof(DepotInterface.Keep));
        ResultWriter<double> writeSum = MdsfConverters.Double.Write;
        _generatedAdd = new JstpMethod(
            "add",
            2,
            2,
            _target,
            (object target, ref MdsfReader arguments, CallFrame frame) => frame.ReturnValue(
                ((DepotInterface)target).Add(frame.Next(ref arguments, MdsfConverters.Double), frame.Next(ref arguments, MdsfConverters.Double)), writeSum),
            IsSafeToRepeat: false);
        MdsfConverter<Part> part = MdsfConverters.Required<Part>(new PartConverter());
        ResultWriter<Part> writePart = part.Write;
        _generatedKeep = new JstpMethod(
            "keep",
            1,
            1,
            _target,
            (object target, ref MdsfReader arguments, CallFrame frame) =>
                frame.ReturnValue(((DepotInterface)target).Keep(frame.Next(ref arguments, part)), writePart),
            IsSafeToRepeat: false);

        _host.IsKept = true;
        CheckAnswer(CompiledNumbers, "{callback:[7],ok:[5.5]}");
        CheckAnswer(GeneratedNumbers, "{callback:[7],ok:[5.5]}");
        CheckAnswer(CompiledRecord, "{callback:[7],ok:[{sku:'bolt-7',count:12,weight:0.25,note:'left shelf'}]}");
        CheckAnswer(GeneratedRecord, "{callback:[7],ok:[{sku:'bolt-7',count:12,weight:0.25,note:'left shelf'}]}");
        _host.IsKept = false;
    }

    [Benchmark(Baseline = true)]
    public int CompiledNumbers() => Run(_compiledAdd, _numbers);

    [Benchmark]
    public int GeneratedNumbers() => Run(_generatedAdd, _numbers);

    [Benchmark]
    public int CompiledRecord() => Run(_compiledKeep, _part);

    [Benchmark]
    public int GeneratedRecord() => Run(_generatedKeep, _part);

    private JstpMethod Compile(string name) =>
        new MethodCompiler(MdsfSerializer.Default).Compile(name, typeof(DepotInterface).GetMethod(name)!, _target);

    // The methods never ask for their connection.
    private int Run(JstpMethod method, byte[] arguments)
    {
        CallFrame.RunCall(_host, null!, "depot", method, callId: 7, arguments, MaxAnswerLength);

        return _host.Length;
    }

    private void CheckAnswer(Func<int> run, string answer)
    {
        run();
        Check.That(Encoding.UTF8.GetString(_host.Last) == answer, $"the answer is {answer}");
    }
}
