namespace Jstp.Transport.WebSockets;

/// <summary>A message was not sent because the peer takes messages slower than they come. The message dies; the connection depends on <see cref="SlowConsumerPolicy"/>.</summary>
public sealed class WebSocketBacklogException() : Exception("The peer takes messages slower than they come; this one was not sent.");
