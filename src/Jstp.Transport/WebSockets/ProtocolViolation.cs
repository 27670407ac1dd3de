using System.Globalization;
using System.Net.WebSockets;

namespace Jstp.Transport.WebSockets;

/// <summary>A broken rule: the close code it costs and the text that goes with it. All there are, in one table (specification page, 5.2).</summary>
internal sealed record ProtocolViolation(WebSocketCloseStatus Code, string Text)
{
    public static readonly ProtocolViolation ReservedBits = Protocol("A reserved bit is set that no extension defines.");
    public static readonly ProtocolViolation ReservedOpcode = Protocol("The opcode is reserved.");
    public static readonly ProtocolViolation FragmentedControlFrame = Protocol("A control frame must not be fragmented.");
    public static readonly ProtocolViolation LongControlFrame = Protocol("A control frame must not exceed 125 bytes.");
    public static readonly ProtocolViolation UnexpectedContinuation = Protocol("There is no message to continue.");
    public static readonly ProtocolViolation ExpectedContinuation = Protocol("The message that was begun must end first.");
    public static readonly ProtocolViolation UnmaskedFrame = Protocol("A client's frames must be masked.");
    public static readonly ProtocolViolation MaskedFrame = Protocol("A server's frames must not be masked.");
    public static readonly ProtocolViolation InvalidLength = Protocol("The top bit of a 64-bit length must be 0.");
    public static readonly ProtocolViolation CloseOfOneByte = Protocol("A Close frame carries no payload or a whole code.");
    public static readonly ProtocolViolation InvalidCloseCode = Protocol("The close code is not one to be sent.");
    public static readonly ProtocolViolation InvalidText = new(WebSocketCloseStatus.InvalidPayloadData, "The text is not UTF-8.");
    public static readonly ProtocolViolation InvalidCompression = new(WebSocketCloseStatus.InvalidPayloadData, "The message is not compressed as agreed.");
    public static readonly ProtocolViolation InvalidCloseReason = new(WebSocketCloseStatus.InvalidPayloadData, "The close reason is not UTF-8.");
    public static readonly ProtocolViolation TextNotAccepted = new(WebSocketCloseStatus.InvalidMessageType, "Text messages are not accepted.");
    public static readonly ProtocolViolation BinaryNotAccepted = new(WebSocketCloseStatus.InvalidMessageType, "Binary messages are not accepted.");
    public static readonly ProtocolViolation TooManyFragments = new(WebSocketCloseStatus.PolicyViolation, "The message has too many fragments.");
    public static readonly ProtocolViolation TooManyControlFrames = new(WebSocketCloseStatus.PolicyViolation, "Too many control frames a second.");

    public static ProtocolViolation FrameTooLarge(long declared, long limit) => TooLarge("frame", declared, limit);

    public static ProtocolViolation InflatedTooLarge(long limit) => new(
        WebSocketCloseStatus.MessageTooBig,
        string.Create(CultureInfo.InvariantCulture, $"A compressed message exceeds the limit of {limit} bytes."));

    public static ProtocolViolation MessageTooLarge(long length, long limit) => TooLarge("message", length, limit);

    private static ProtocolViolation Protocol(string text) => new(WebSocketCloseStatus.ProtocolError, text);

    private static ProtocolViolation TooLarge(string what, long length, long limit) => new(
        WebSocketCloseStatus.MessageTooBig,
        string.Create(CultureInfo.InvariantCulture, $"A {what} of {length} bytes exceeds the limit of {limit}."));
}
