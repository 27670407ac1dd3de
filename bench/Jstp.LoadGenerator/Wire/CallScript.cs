using System.Text;

namespace Jstp.LoadGenerator.Wire;

/// <summary>
/// What a protocol says on the wire, as texts around a call's number: that is all that tells one protocol from another here.
/// A call is <c>CallPrefix id CallSuffix</c>, its only right answer <c>AnswerPrefix id AnswerSuffix</c>.
/// </summary>
internal sealed record CallScript
{
    /// <summary>The WebSocket subprotocol asked for, or null for none.</summary>
    public string? Subprotocol { get; init; }

    /// <summary>The first message of a connection, or empty when the protocol has no handshake of its own.</summary>
    public byte[] Handshake { get; init; } = [];

    /// <summary>How the answer to <see cref="Handshake"/> begins when it is accepted.</summary>
    public byte[] HandshakeAnswerPrefix { get; init; } = [];

    public required byte[] CallPrefix { get; init; }

    public required byte[] CallSuffix { get; init; }

    public required byte[] AnswerPrefix { get; init; }

    public required byte[] AnswerSuffix { get; init; }

    /// <summary>Whether one WebSocket message may hold several answers, one behind the other.</summary>
    public bool AnswersShareMessages { get; init; }

    /// <summary>How a server's question for a sign of life begins, or empty when the protocol has none.</summary>
    public byte[] LivenessPrefix { get; init; } = [];

    /// <summary>What stands in the answer in place of <see cref="LivenessPrefix"/>; the rest is sent back unchanged.</summary>
    public byte[] LivenessAnswerPrefix { get; init; } = [];

    /// <summary>How many events precede each answer; 0 where a server sends nothing but answers.</summary>
    public int EventsPerCall { get; init; }

    /// <summary>An event up to the absolute value of its id.</summary>
    public byte[] EventPrefix { get; init; } = [];

    /// <summary>What stands between the id of an event and its number within its call, which counts from 0.</summary>
    public byte[] EventMiddle { get; init; } = [];

    /// <summary>What stands behind that number.</summary>
    public byte[] EventSuffix { get; init; } = [];

    /// <summary>A call of a method that answers its argument, anonymously (jstp-protocol.md, 5 and 6).</summary>
    /// <param name="payloadLength">Length in bytes of the argument, a string.</param>
    /// <param name="application">The application, <c>name</c> or <c>name@range</c>.</param>
    /// <param name="method">The method, with its interface before the first dot; its name is an identifier.</param>
    public static CallScript Jstp(int payloadLength, string application = "conformance", string method = "echo.value")
    {
        string payload = Payload(payloadLength);
        int at = application.LastIndexOf('@');
        string target = at < 0 ? $"'{application}'" : $"'{application[..at]}','{application[(at + 1)..]}'";
        int dot = method.IndexOf('.', StringComparison.Ordinal);

        return new CallScript
        {
            Subprotocol = "metarhia-jstp",
            Handshake = Encoding.ASCII.GetBytes($"{{handshake:[0,{target}]}}"),
            HandshakeAnswerPrefix = "{handshake:[0],ok:'"u8.ToArray(),
            CallPrefix = "{call:["u8.ToArray(),
            CallSuffix = Encoding.ASCII.GetBytes($",'{method[..dot]}'],{method[(dot + 1)..]}:['{payload}']}}"),
            AnswerPrefix = "{callback:["u8.ToArray(),
            AnswerSuffix = Encoding.ASCII.GetBytes($"],ok:['{payload}']}}"),
            LivenessPrefix = "{ping:"u8.ToArray(),
            LivenessAnswerPrefix = "{pong:"u8.ToArray(),
        };
    }

    /// <summary><c>events.burst</c> of the conformance application: so many events, and the answer behind them.</summary>
    public static CallScript JstpEvents(int count, string application = "conformance") => Jstp(payloadLength: 0, application) with
    {
        CallSuffix = Encoding.ASCII.GetBytes($",'events'],burst:[{count}]}}"),
        AnswerSuffix = Encoding.ASCII.GetBytes($"],ok:[{count}]}}"),
        LivenessPrefix = "{ping:[-"u8.ToArray(),
        LivenessAnswerPrefix = "{pong:[-"u8.ToArray(),
        EventsPerCall = count,
        EventPrefix = "{event:[-"u8.ToArray(),
        EventMiddle = ",'events'],tick:["u8.ToArray(),
        EventSuffix = "]}"u8.ToArray(),
    };

    /// <summary>An invocation of the hub method <c>Echo</c> in SignalR's JSON protocol (aspnetcore, HubProtocol.md).</summary>
    public static CallScript SignalR(int payloadLength)
    {
        string payload = Payload(payloadLength);

        return new CallScript
        {
            Handshake = "{\"protocol\":\"json\",\"version\":1}\u001e"u8.ToArray(),
            HandshakeAnswerPrefix = "{}\u001e"u8.ToArray(),
            CallPrefix = "{\"type\":1,\"invocationId\":\""u8.ToArray(),
            CallSuffix = Encoding.ASCII.GetBytes($"\",\"target\":\"Echo\",\"arguments\":[\"{payload}\"]}}\u001e"),
            AnswerPrefix = "{\"type\":3,\"invocationId\":\""u8.ToArray(),
            AnswerSuffix = Encoding.ASCII.GetBytes($"\",\"result\":\"{payload}\"}}\u001e"),
            AnswersShareMessages = true,
            LivenessPrefix = "{\"type\":6"u8.ToArray(),
            LivenessAnswerPrefix = "{\"type\":6"u8.ToArray(),
        };
    }

    /// <summary>The texts of <see cref="Jstp"/>, to a server that sends every message back as it came.</summary>
    public static CallScript Echo(int payloadLength)
    {
        CallScript jstp = Jstp(payloadLength);

        return new CallScript
        {
            CallPrefix = jstp.CallPrefix,
            CallSuffix = jstp.CallSuffix,
            AnswerPrefix = jstp.CallPrefix,
            AnswerSuffix = jstp.CallSuffix,
        };
    }

    // Letters only: neither MDSF nor JSON escapes them, so that all protocols carry the same bytes.
    private static string Payload(int length) =>
        string.Create(length, 0, static (span, _) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = (char)('a' + (i % 26));
            }
        });
}
