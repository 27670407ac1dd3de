namespace Jstp.Transport.WebSockets;

/// <summary>What came of a broadcast.</summary>
/// <param name="SentCount">Connections that the message was flushed to.</param>
/// <param name="Failures">Connections that it was not sent to, with the reason; connections that were closing already are not counted at all.</param>
public sealed record WebSocketBroadcastResult(int SentCount, IReadOnlyList<KeyValuePair<WebSocketConnection, Exception>> Failures);
