namespace Jstp.Transport.Protocol;

/// <summary>
/// The outcome of reading one message text. Its parts are for the connection and its log; nothing of them goes to the peer.
/// </summary>
/// <param name="Status">Whether the message can be handled, or what is wrong with it.</param>
/// <param name="Offset">Where the text is wrong, as a byte offset; 0 if nothing is.</param>
/// <param name="Detail">What was expected and found in a text that does not parse; null otherwise.</param>
public readonly record struct JstpMessageResult(JstpMessageStatus Status, long Offset = 0, string? Detail = null)
{
    /// <summary>Whether the message can be handled. If not, the connection must be closed.</summary>
    public bool IsOk => Status == JstpMessageStatus.Ok;

    /// <summary>
    /// The WebSocket close code for a text that cannot be handled: 1007 if it does not parse, else 1002 (protocol page, section 1).
    /// </summary>
    public int CloseCode => Status == JstpMessageStatus.BadText ? 1007 : 1002;
}
