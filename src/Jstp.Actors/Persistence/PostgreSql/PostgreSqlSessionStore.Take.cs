using Jstp.Actors.Persistence.Columns;
using Jstp.Actors.Sessions;
using Npgsql;

namespace Jstp.Actors.Persistence.PostgreSql;

public sealed partial class PostgreSqlSessionStore
{
    // How often a take begins again because a session changed hands between its two steps; each time somebody else got further.
    private const int MaxTakes = 5;

    // Shares the locks of the dead until the transaction ends: a node that returns waits for it, and then finds out what it has lost.
    private const string FindOwners = """
        with found as (
            select s.owner, bool_or(w.force) as force
            from unnest($2::text[], $3::boolean[]) as w (id, force) join ${schema}.sessions s on s.id = w.id
            group by s.owner
            having s.owner is not null
        )
        select f.owner, f.force, exists (select from ${schema}.nodes n where n.number = f.owner and not n.is_gone)
            and not pg_try_advisory_xact_lock_shared($1, f.owner)
        from found f
        """;

    private const string RaiseFences = "select pg_advisory_xact_lock($1, node) from unnest($2) as node";

    private const string TakeSessions = """
        with wanted as materialized (
            select s.key, s.owner as previous
            from unnest($2::text[], $3::boolean[]) as w (id, force) join ${schema}.sessions s on s.id = w.id
            where s.owner is null or s.owner = any ($4::integer[]) or (w.force and s.owner = any ($5::integer[]))
            order by s.key
            for no key update of s
        ), taken as (
            update ${schema}.sessions s set owner = $1, epoch = s.epoch + 1, is_connected = false
            from wanted w
            where s.key = w.key
            returning s.key, s.epoch, s.id, s.application, s.user_name, s.received, s.delivered, s.last_magnitude, s.data, s.open_requests, w.previous, s.kept_answers
        ), ended as (
            insert into ${schema}.epoch_ends (session_key, epoch, magnitude)
            select t.key, t.epoch - 1, greatest(t.last_magnitude, (select max(m.magnitude) from ${schema}.messages m where m.session_key = t.key))
            from taken t
            where t.previous is not null
            on conflict (session_key, epoch) do update set magnitude = greatest(epoch_ends.magnitude, excluded.magnitude)
        )
        select * from taken
        """;

    // Whatever of the wanted the node owns now it has just taken.
    private const string ReadMessages = """
        select m.session_key, m.kind, m.magnitude, m.tail
        from ${schema}.sessions s join ${schema}.messages m on m.session_key = s.key
        where s.id = any ($2) and s.owner = $1
        order by m.session_key, m.magnitude
        """;

    private const string ReadTakenPosts = """
        select p.session_key, p.ordinal, p.tail
        from ${schema}.sessions s join ${schema}.posts p on p.session_key = s.key
        where s.id = any ($2) and s.owner = $1
        order by p.session_key, p.ordinal
        """;

    private const string ReadOthers = "select s.id, s.owner from ${schema}.sessions s where s.id = any ($2) and s.owner is distinct from $1";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SessionTakeResult>> TakeAsync(
        int node, IReadOnlyList<SessionTakeRequest> requests, CancellationToken cancellationToken)
    {
        AddNode(node);
        var results = new Dictionary<string, SessionTakeResult>(requests.Count, StringComparer.Ordinal);
        IReadOnlyList<SessionTakeRequest> open = requests;

        for (int takes = 1; open.Count > 0; takes++)
        {
            foreach (SessionTakeResult result in await _database.RunAsync((connection, stopping) => TakeOnceAsync(connection, node, open, stopping), cancellationToken))
            {
                results[result.Id] = result;
            }

            open = takes < MaxTakes ? [.. open.Where(request => !results.ContainsKey(request.Id))] : [];
        }

        return [.. requests.Select(request => results.TryGetValue(request.Id, out SessionTakeResult result)
            ? result
            : throw new SessionStoreException("A session changes hands too often to be taken."))];
    }

    /// <returns>The outcomes, without those of sessions that changed hands meanwhile in a way that asks for another try.</returns>
    private async Task<List<SessionTakeResult>> TakeOnceAsync(
        NpgsqlConnection connection, int node, IReadOnlyList<SessionTakeRequest> requests, CancellationToken cancellationToken)
    {
        string[] ids = [.. requests.Select(static request => TextColumn.Escape(request.Id))];
        bool[] forces = [.. requests.Select(static request => request.Force)];
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        (int[] free, int[] fenced) = await FindOwnersAsync(connection, node, ids, forces, cancellationToken);

        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Command(RaiseFences, Parameter.Of(_database.FenceLocks), Parameter.Of(fenced)));
        batch.BatchCommands.Add(Command(_database.Sql(TakeSessions), Parameter.Of(node), Parameter.Of(ids), Parameter.Of(forces), Parameter.Of(free), Parameter.Of(fenced)));
        batch.BatchCommands.Add(Command(_database.Sql(ReadMessages), Parameter.Of(node), Parameter.Of(ids)));
        batch.BatchCommands.Add(Command(_database.Sql(ReadTakenPosts), Parameter.Of(node), Parameter.Of(ids)));
        batch.BatchCommands.Add(Command(_database.Sql(ReadOthers), Parameter.Of(node), Parameter.Of(ids)));

        Dictionary<string, SessionRecord> records;
        Dictionary<string, int?> others;

        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken);
            List<SessionRecord> taken = await ReadAllAsync(reader, ReadRecord, cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            ILookup<long, MessageRow> messages = (await ReadAllAsync(reader, ReadMessage, cancellationToken)).ToLookup(static row => row.Key, static row => row.Row);
            await reader.NextResultAsync(cancellationToken);
            ILookup<long, StoredPost> posts = (await ReadAllAsync(reader, ReadPost, cancellationToken)).ToLookup(static post => post.Key);
            records = taken.Select(record => Complete(record, messages[record.Key], [.. posts[record.Key]])).ToDictionary(static record => record.Id, StringComparer.Ordinal);
            await reader.NextResultAsync(cancellationToken);
            others = (await ReadAllAsync(reader, ReadOther, cancellationToken)).ToDictionary(StringComparer.Ordinal);
        }

        await transaction.CommitAsync(cancellationToken);
        return [.. requests.SelectMany(request => Outcome(request))];

        IEnumerable<SessionTakeResult> Outcome(SessionTakeRequest request)
        {
            if (!others.TryGetValue(request.Id, out int? owner))
            {
                yield return new SessionTakeResult(request.Id, records.GetValueOrDefault(request.Id), Owner: null);
            }
            else if (owner is not null && !request.Force)
            {
                yield return new SessionTakeResult(request.Id, Record: null, owner);
            }
        }
    }

    /// <returns>
    /// The owners whose sessions can be had without asking, and those whose writes must be waited for and kept out: these and the owners of what is forced.
    /// </returns>
    private async Task<(int[] Free, int[] Fenced)> FindOwnersAsync(
        NpgsqlConnection connection, int node, string[] ids, bool[] forces, CancellationToken cancellationToken)
    {
        List<int> free = [];
        List<int> fenced = [];
        await using var command = new NpgsqlCommand(_database.Sql(FindOwners), connection);
        command.Parameters.AddRange(new[] { Parameter.Of(_database.LifeLocks), Parameter.Of(ids), Parameter.Of(forces) });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);

        while (await reader.ReadAsync(cancellationToken))
        {
            int owner = reader.GetInt32(0);
            bool isFree = owner == node || !reader.GetBoolean(2);

            if (isFree)
            {
                free.Add(owner);
            }

            if (isFree || reader.GetBoolean(1))
            {
                fenced.Add(owner);
            }
        }

        fenced.Sort(); // the same order for all takers
        return ([.. free], [.. fenced]);
    }

    private static SessionRecord ReadRecord(NpgsqlDataReader row) => new()
    {
        Key = row.GetInt64(0),
        Epoch = row.GetInt64(1),
        Id = TextColumn.Unescape(row.GetString(2)),
        Application = TextColumn.Unescape(row.GetString(3)),
        UserName = row.IsDBNull(4) ? null : TextColumn.Unescape(row.GetString(4)),
        Counts = new SessionCounts(row.GetInt64(5), row.GetInt64(6), row.GetInt64(7)),
        Data = DataColumn.Read(row.GetFieldValue<byte[]>(8)),
        OpenRequests = OpenRequestsColumn.Read(row.GetFieldValue<byte[]>(9)),
        WasForced = !row.IsDBNull(10),
        KeptAnswers = row.GetFieldValue<byte[]>(11),
        Messages = [],
        Posts = [],
    };

    private static SessionRecord Complete(SessionRecord record, IEnumerable<MessageRow> rows, StoredPost[] posts)
    {
        var messages = new List<OutgoingMessage>();

        foreach (MessageRow row in rows)
        {
            MessageRows.Unpack(row, record.Counts.Delivered, messages);
        }

        return record with
        {
            Messages = messages,
            Posts = posts,
            Counts = messages.Count == 0 ? record.Counts : record.Counts with { LastMagnitude = Math.Max(record.Counts.LastMagnitude, messages[^1].Magnitude) },
        };
    }

    private static (long Key, MessageRow Row) ReadMessage(NpgsqlDataReader row) =>
        (row.GetInt64(0), new MessageRow(row.GetInt16(1), row.GetInt64(2), row.GetFieldValue<byte[]>(3)));

    private static StoredPost ReadPost(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2));

    private static KeyValuePair<string, int?> ReadOther(NpgsqlDataReader row) =>
        new(TextColumn.Unescape(row.GetString(0)), row.IsDBNull(1) ? null : row.GetInt32(1));
}
