namespace Jstp.Cluster.Tests.Swarms;

/// <summary>A time without connection, by the clock of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
/// <param name="LostAt">When the connection was lost.</param>
/// <param name="FirstAttemptAt">When the client began to come back: what lies before is its backoff.</param>
/// <param name="ResumedAt">When it had the answer to its handshake.</param>
internal readonly record struct Outage(long LostAt, long FirstAttemptAt, long ResumedAt);
