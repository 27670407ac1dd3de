using System.Globalization;
using Jstp.Actors.Persistence.Columns;
using Microsoft.Data.Sqlite;

namespace Jstp.Actors.Persistence.Sqlite;

public sealed partial class SqliteSessionStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionPresence>> FindAsync(SessionFilter filter, int limit, CancellationToken cancellationToken)
    {
        // Conditions that are not asked for are not there, so that SQLite sees which index serves.
        var conditions = new List<string>();
        var values = new List<object?>();
        Restrict("application", filter.Application);
        Restrict("user_name", filter.UserName);
        Restrict("id", filter.SessionId);

        string text = "select id, application, user_name, owner, is_connected from sessions"
            + (conditions.Count == 0 ? "" : " where " + string.Join(" and ", conditions));

        // Whether a client is connected depends on which nodes live, which the file does not know.
        return RunAsync<IReadOnlyList<SessionPresence>>(
            () => Prepared(text).List(ReadPresence, presence => (filter.IsConnected ?? presence.IsConnected) == presence.IsConnected, limit, [.. values]),
            cancellationToken);

        void Restrict(string column, string? value)
        {
            if (value is not null)
            {
                values.Add(TextColumn.Escape(value));
                conditions.Add(string.Create(CultureInfo.InvariantCulture, $"{column} = ${values.Count}"));
            }
        }
    }

    /// <inheritdoc/>
    public Task<int> ExpireAsync(TimeSpan lifetime, int limit, CancellationToken cancellationToken) =>
        RunAsync(
            () =>
            {
                long now = Now();
                long until = now - (long)lifetime.TotalMilliseconds;

                foreach (long number in Prepared("select number from nodes where found_dead_at is null").List(static row => row.GetInt64(0)))
                {
                    if (!_cluster.IsAlive((int)number))
                    {
                        Prepared("update nodes set found_dead_at = $2 where number = $1").Run(number, now);
                    }
                }

                List<long> keys = Prepared("""
                    select key from sessions
                    where owner is null and idle_since <= $1 or owner in (select number from nodes where found_dead_at <= $1)
                    limit $2
                    """).List(static row => row.GetInt64(0), until, limit);
                keys.ForEach(Delete);

                // The numbers are not given again: SQLite keeps the highest of an autoincrement.
                Prepared("delete from nodes where found_dead_at <= $1 and number not in (select owner from sessions where owner is not null)").Run(until);
                return keys.Count;
            },
            cancellationToken);

    private SessionPresence ReadPresence(SqliteDataReader row)
    {
        int? owner = !row.IsDBNull(3) && _cluster.IsAlive(row.GetInt32(3)) ? row.GetInt32(3) : null;
        return new SessionPresence(
            TextColumn.Unescape(row.GetString(0)),
            TextColumn.Unescape(row.GetString(1)),
            row.IsDBNull(2) ? null : TextColumn.Unescape(row.GetString(2)),
            owner,
            owner is not null && row.GetBoolean(4));
    }
}
