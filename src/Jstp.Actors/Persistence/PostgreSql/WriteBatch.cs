using Jstp.Actors.Persistence.Columns;
using Npgsql;

namespace Jstp.Actors.Persistence.PostgreSql;

/// <summary>The commands of one batch of changes: one transaction in one round trip. The last result is the keys that were refused.</summary>
internal static class WriteBatch
{
    private const string Fence = "select pg_advisory_xact_lock_shared($1, node) from unnest($2) as node";

    private const string Create = """
        insert into ${schema}.sessions
            (key, epoch, received, delivered, last_magnitude, idle_since, owner, is_connected, id, application, user_name, data, open_requests)
        select key, epoch, received, delivered, last_magnitude, clock_timestamp(), owner, is_connected, id, application, user_name, data, open_requests
        from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::integer[], $7::boolean[], $8::text[], $9::text[], $10::text[], $11::bytea[], $12::bytea[])
            as u (key, epoch, received, delivered, last_magnitude, owner, is_connected, id, application, user_name, data, open_requests)
        on conflict do nothing
        """;

    // After the sessions themselves are gone, so that a post that came in between is found. Of a session whose deletion was refused nothing is touched.
    private const string Clean = """
        with gone as materialized (
            select key from unnest($1::bigint[]) as u (key) where not exists (select from ${schema}.sessions s where s.key = u.key)
        ), messages as (
            delete from ${schema}.messages m using gone g where m.session_key = g.key
        ), ends as (
            delete from ${schema}.epoch_ends e using gone g where e.session_key = g.key
        )
        delete from ${schema}.posts p using gone g where p.session_key = g.key
        """;

    /// <param name="connection">The connection.</param>
    /// <param name="database">The database.</param>
    /// <param name="nodes">The numbers of the nodes that write through the store, rising.</param>
    /// <param name="changes">The changes, in the order of their keys.</param>
    public static NpgsqlBatch Build(NpgsqlConnection connection, PostgreSqlDatabase database, int[] nodes, SessionChange[] changes)
    {
        var batch = new NpgsqlBatch(connection);
        Add(Fence, Parameter.Of(database.FenceLocks), Parameter.Of(nodes));

        SessionChange[] created = [.. changes.Where(static change => change.Creation is not null)];

        if (created.Length > 0)
        {
            Add(Create, CreationParameters(created));
        }

        (WriteParts parts, NpgsqlParameter[] parameters) = Changes(changes, nodes);
        Add(WriteStatement.For(parts), parameters);

        if (parts.HasFlag(WriteParts.Deleted))
        {
            Add(Clean, Parameter.Of([.. changes.Where(IsDeleted).Select(static change => change.Key)]));
        }

        return batch;

        void Add(string statement, params NpgsqlParameter[] parameters)
        {
            var command = new NpgsqlBatchCommand(database.Sql(statement));
            command.Parameters.AddRange(parameters);
            batch.BatchCommands.Add(command);
        }
    }

    private static NpgsqlParameter[] CreationParameters(SessionChange[] created) =>
    [
        Parameter.Of(created.Select(static change => change.Key).ToArray()),
        Parameter.Of(created.Select(static change => change.Epoch).ToArray()),
        Parameter.Of(created.Select(static change => change.Counts?.Received ?? 0).ToArray()),
        Parameter.Of(created.Select(static change => change.Counts?.Delivered ?? 0).ToArray()),
        Parameter.Of(created.Select(static change => change.Counts?.LastMagnitude ?? 0).ToArray()),
        Parameter.Of(created.Select(static change => change.Creation!.Owner).ToArray()),
        Parameter.Of(created.Select(static change => change.Transition == SessionTransition.Attached).ToArray()),
        Parameter.Of(created.Select(static change => TextColumn.Escape(change.Creation!.Id)).ToArray()),
        Parameter.Of(created.Select(static change => TextColumn.Escape(change.Creation!.Application)).ToArray()),
        Parameter.Of(created.Select(static change => change.Creation!.UserName is { } name ? TextColumn.Escape(name) : null).ToArray()),
        Parameter.Of(created.Select(static change => change.Data is { } data ? DataColumn.Write(data) : []).ToArray()),
        Parameter.Of(created.Select(static change => change.OpenRequests is { } requests ? OpenRequestsColumn.Write(requests) : []).ToArray()),
    ];

    private static (WriteParts Parts, NpgsqlParameter[] Parameters) Changes(SessionChange[] changes, int[] nodes)
    {
        var parts = WriteParts.None;

        List<NpgsqlParameter> parameters =
        [
            Parameter.Of(changes.Select(static change => change.Key).ToArray()),
            Parameter.Of(changes.Select(static change => change.Epoch).ToArray()),
            Parameter.Of(nodes),
        ];

        AddPart(WriteParts.Sessions, changes.Where(TouchesSession), static touched =>
        [
            Parameter.Of(touched.Select(static change => change.Key).ToArray()),
            Parameter.Of(touched.Select(static change => change.Counts?.Received).ToArray()),
            Parameter.Of(touched.Select(static change => change.Counts?.Delivered).ToArray()),
            Parameter.Of(touched.Select(static change => change.Counts?.LastMagnitude).ToArray()),
            Parameter.Of(touched.Select(static change => change.Data is { } data ? DataColumn.Write(data) : null).ToArray()),
            Parameter.Of(touched.Select(static change => change.OpenRequests is { } requests ? OpenRequestsColumn.Write(requests) : null).ToArray()),
            Parameter.Of(touched.Select(static change => change.KeptAnswers?.ToArray()).ToArray()),
            Parameter.Of(touched.Select(static change => (short)change.Transition).ToArray()),
            Parameter.Of(touched.Select(static change => change.Epoch).ToArray()),
        ]);

        AddPart(WriteParts.Appended, Appended(changes), static appended =>
        [
            Parameter.Of(appended.Select(static row => row.Key).ToArray()),
            Parameter.Of(appended.Select(static row => row.Row.Magnitude).ToArray()),
            Parameter.Of(appended.Select(static row => row.Row.Kind).ToArray()),
            Parameter.Of(appended.Select(static row => row.Row.Tail).ToArray()),
        ]);

        AddPart(WriteParts.Released, changes.Where(static change => change.ReleasedThrough > 0 && !IsDeleted(change)), static released =>
        [
            Parameter.Of(released.Select(static change => change.Key).ToArray()),
            Parameter.Of(released.Select(static change => change.ReleasedThrough).ToArray()),
        ]);

        AddPart(WriteParts.Collected, changes.Where(static change => change.CollectedThrough > 0 && !IsDeleted(change)), static collected =>
        [
            Parameter.Of(collected.Select(static change => change.Key).ToArray()),
            Parameter.Of(collected.Select(static change => change.CollectedThrough).ToArray()),
        ]);

        AddPart(WriteParts.Deleted, changes.Where(IsDeleted), static deleted => [Parameter.Of(deleted.Select(static change => change.Key).ToArray())]);
        return (parts, [.. parameters]);

        void AddPart<T>(WriteParts part, IEnumerable<T> rows, Func<List<T>, NpgsqlParameter[]> arrays)
        {
            List<T> list = [.. rows];

            if (list.Count > 0)
            {
                parts |= part;
                parameters.AddRange(arrays(list));
            }
        }
    }

    private static IEnumerable<(long Key, MessageRow Row)> Appended(SessionChange[] changes)
    {
        var rows = new List<MessageRow>();

        foreach (SessionChange change in changes)
        {
            if (IsDeleted(change))
            {
                continue;
            }

            rows.Clear();
            MessageRows.Pack(change.Appended, change.ReleasedThrough, rows);

            foreach (MessageRow row in rows)
            {
                yield return (change.Key, row);
            }
        }
    }

    private static bool TouchesSession(SessionChange change) =>
        !IsDeleted(change)
        && (change.Counts is not null || change.Data is not null || change.OpenRequests is not null || change.KeptAnswers is not null || change.Transition != SessionTransition.None);

    private static bool IsDeleted(SessionChange change) => change.Transition == SessionTransition.Deleted;
}
