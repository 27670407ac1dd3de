using Jstp.Actors.Applications.Dispatch;

namespace Jstp.Benchmarks.Dispatch;

/// <summary>Takes answers in place of a connection.</summary>
internal sealed class AnswerHost : ICallHost
{
    public byte[] Last { get; private set; } = [];

    public bool IsKept { get; set; }

    public int Length { get; private set; }

    public void Answer(ReadOnlySpan<byte> text)
    {
        Length = text.Length;

        if (IsKept)
        {
            Last = text.ToArray();
        }
    }

    public CallTicket Defer(long? callId) => throw new NotSupportedException();

    public void ReportFault(string interfaceName, string member, Exception exception) => throw exception;
}
