using Npgsql;

namespace Jstp.Actors.Persistence.PostgreSql;

/// <summary>Where and how the PostgreSQL store keeps sessions (docs/stores.md).</summary>
public sealed class PostgreSqlStoreOptions
{
    // PostgreSQL cuts longer identifiers off, which would make two names one.
    private const int MaxSchemaLength = 63;

    /// <summary>
    /// Npgsql's connection string. The connections must go to the server itself or through a pooler that keeps sessions, as locks and notifications
    /// belong to a session.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>The schema, which is made when it is missing. Clusters that share a database have one each. The default is <c>jstp</c>.</summary>
    public string Schema { get; init; } = "jstp";

    /// <summary>How long the store may take for an answer until the operation fails; 1 s or more. The default is 10 s.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the connection that proves a node's life may be silent until it is probed, by both ends; 1 s or more. A node whose network is dead
    /// knows it after about this time and <see cref="CommandTimeout"/>, and others hold it for dead after six times this time. The default is 2 s.
    /// </summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many connections the store opens at most, besides one for each node; 2 or more. The default is 8.</summary>
    public int MaxConnectionCount { get; init; } = 8;

    /// <exception cref="ArgumentException">The options make no sense together, which the message explains.</exception>
    internal void Validate()
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(ConnectionString);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException)
        {
            // The text is not repeated: it may hold a password.
            throw new ArgumentException($"{nameof(ConnectionString)} is no connection string of Npgsql.", exception);
        }

        Require(Schema.Length is > 0 and <= MaxSchemaLength && !Schema.Contains('\0'), $"{nameof(Schema)} must be a name of 1 to {MaxSchemaLength} characters.");
        Require(CommandTimeout >= TimeSpan.FromSeconds(1), $"{nameof(CommandTimeout)} must be 1 s or more.");
        Require(ProbeInterval >= TimeSpan.FromSeconds(1), $"{nameof(ProbeInterval)} must be 1 s or more.");
        Require(MaxConnectionCount >= 2, $"{nameof(MaxConnectionCount)} must be 2 or more.");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
