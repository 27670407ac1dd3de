using Jstp.Actors.Connections;

namespace Jstp.Actors.Hosting;

/// <summary>A connection is closed because its client sent what cannot be handled.</summary>
/// <param name="Connection">The connection; its session goes on.</param>
/// <param name="Reason">What was wrong, for a log.</param>
public sealed record ConnectionFailed(JstpConnection Connection, string Reason);
