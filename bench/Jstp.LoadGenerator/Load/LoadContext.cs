using Jstp.LoadGenerator.Wire;

namespace Jstp.LoadGenerator.Load;

/// <summary>What the connections of a run share, since one thread serves them one at a time.</summary>
internal sealed class LoadContext
{
    private const int InputLength = 256 * 1024;

    // Behind the calls: room for the pongs of an input full of pings; a pong is at most three times as long as its ping.
    private const int OutputReserve = 3 * InputLength;

    public LoadContext(CallScript script, int window)
    {
        Script = script;
        Calls = new CallFrames(script);
        Answers = new AnswerReader(script);
        Output = new byte[(window * Calls.MaxLength) + OutputReserve];
    }

    public CallScript Script { get; }

    public CallFrames Calls { get; }

    public AnswerReader Answers { get; }

    public CallMeter Meter { get; } = new();

    /// <summary>Where a connection reads to; nothing in it outlives one turn of that connection.</summary>
    public byte[] Input { get; } = new byte[InputLength];

    /// <summary>Where a connection collects what it sends; nothing in it outlives one turn of that connection.</summary>
    public byte[] Output { get; }
}
