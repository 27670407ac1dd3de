using Jstp.Actors.Persistence.Columns;
using Npgsql;

namespace Jstp.Actors.Persistence.PostgreSql;

public sealed partial class PostgreSqlSessionStore
{
    // Ordinals are given under the locks of the sessions' rows, which are held until the commit: whoever reads one has read all below it, so that deleting
    // up to an ordinal deletes nothing unread.
    private const string Post = """
        with wanted as materialized (
            select u.id, u.tail, row_number() over (partition by u.id order by u.place) as number
            from unnest($1::text[], $2::bytea[]) with ordinality as u (id, tail, place)
            where u.tail is not null
        ), locked as materialized (
            select s.key from ${schema}.sessions s where s.id = any ($1) order by s.key for no key update
        ), raised as (
            update ${schema}.sessions s set last_ordinal = s.last_ordinal + (select count(*) from wanted w where w.id = s.id)
            from locked l
            where s.key = l.key
            returning s.key, s.id, s.owner, s.last_ordinal - (select count(*) from wanted w where w.id = s.id) as base
        ), posted as (
            insert into ${schema}.posts (session_key, ordinal, tail)
            select r.key, r.base + w.number, w.tail from raised r join wanted w on w.id = r.id
        )
        select r.id, r.key, r.owner from raised r
        """;

    // What follows in the transaction sees what another try of the same posts, whose answer was lost, has left.
    private const string LockSessions = "select s.key from ${schema}.sessions s where s.id = any ($1) order by s.key for no key update";

    private const string FindEpochEnds = """
        select s.id, e.epoch, e.magnitude
        from ${schema}.sessions s join ${schema}.epoch_ends e on e.session_key = s.key
        where s.id = any ($1)
        """;

    private const string RaiseEpochEnds = """
        insert into ${schema}.epoch_ends as e (session_key, epoch, magnitude)
        select s.key, o.epoch, max(o.magnitude)
        from unnest($1::text[], $2::bigint[], $3::bigint[]) as o (id, epoch, magnitude) join ${schema}.sessions s on s.id = o.id
        group by s.key, o.epoch
        on conflict (session_key, epoch) do update set magnitude = excluded.magnitude where e.magnitude < excluded.magnitude
        """;

    private const string PostToUser = """
        with locked as materialized (
            select s.key from ${schema}.sessions s
            where left(s.user_name, 64) = left($2, 64) and s.user_name = $2 and ($1 = '' or s.application = $1)
            order by s.key
            for no key update
        ), raised as (
            update ${schema}.sessions s set last_ordinal = s.last_ordinal + 1
            from locked l
            where s.key = l.key
            returning s.key, s.owner, s.last_ordinal
        ), posted as (
            insert into ${schema}.posts (session_key, ordinal, tail) select r.key, r.last_ordinal, $3 from raised r
        )
        select r.key, r.owner from raised r
        """;

    private const string ReadPosts = "select p.session_key, p.ordinal, p.tail from ${schema}.posts p where p.session_key = any ($1) order by p.session_key, p.ordinal";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SessionAddress?>> PostAsync(IReadOnlyList<SessionPost> posts, CancellationToken cancellationToken)
    {
        string[] ids = [.. posts.Select(static post => TextColumn.Escape(post.SessionId))];

        Dictionary<string, SessionAddress> addresses = (await (posts.Any(static post => post.Origin is not null)
            ? _database.RunAsync((connection, stopping) => PostUnwrittenAsync(connection, ids, posts, stopping), cancellationToken)
            : ReadListAsync(_database.Sql(Post), () => [Parameter.Of(ids), Parameter.Of([.. posts.Select(static post => post.Tail)])], ReadAddress, cancellationToken)))
            .ToDictionary(StringComparer.Ordinal);

        return [.. ids.Select(id => addresses.TryGetValue(id, out SessionAddress address) ? address : (SessionAddress?)null)];
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionAddress>> PostToUserAsync(
        string? application, string userName, ReadOnlyMemory<byte> tail, CancellationToken cancellationToken) =>
        ReadListAsync(
            _database.Sql(PostToUser),
            () => [Parameter.Of(TextColumn.Escape(application ?? "")), Parameter.Of(TextColumn.Escape(userName)), Parameter.Of(tail)],
            static row => new SessionAddress(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt32(1)),
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPost>> ReadPostsAsync(IReadOnlyList<long> keys, CancellationToken cancellationToken) =>
        ReadListAsync(_database.Sql(ReadPosts), () => [Parameter.Of([.. keys])], ReadPost, cancellationToken);

    /// <summary>Posts of which some may be in their sessions already.</summary>
    private async Task<IReadOnlyList<KeyValuePair<string, SessionAddress>>> PostUnwrittenAsync(
        NpgsqlConnection connection, string[] ids, IReadOnlyList<SessionPost> posts, CancellationToken cancellationToken)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        Dictionary<(string, long), long> ends = await LockAndFindEpochEndsAsync(connection, ids, cancellationToken);
        bool[] areNew = [.. posts.Select((post, i) => post.Origin is not { } origin || !ends.TryGetValue((ids[i], origin.Epoch), out long end) || origin.Magnitude > end)];
        int[] left = [.. Enumerable.Range(0, posts.Count).Where(i => areNew[i] && posts[i].Origin is not null)];
        List<KeyValuePair<string, SessionAddress>> addresses;

        await using (var batch = new NpgsqlBatch(connection, transaction))
        {
            batch.BatchCommands.Add(Command(
                _database.Sql(RaiseEpochEnds),
                Parameter.Of(left.Select(i => ids[i]).ToArray()),
                Parameter.Of(left.Select(i => posts[i].Origin!.Value.Epoch).ToArray()),
                Parameter.Of(left.Select(i => posts[i].Origin!.Value.Magnitude).ToArray())));
            batch.BatchCommands.Add(Command(
                _database.Sql(Post), Parameter.Of(ids), Parameter.Of(posts.Select((post, i) => areNew[i] ? post.Tail.ToArray() : null).ToArray())));
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
            addresses = await ReadAllAsync(reader, ReadAddress, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);

        return addresses;
    }

    private async Task<Dictionary<(string Id, long Epoch), long>> LockAndFindEpochEndsAsync(
        NpgsqlConnection connection, string[] ids, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command(_database.Sql(LockSessions), Parameter.Of(ids)));
        batch.BatchCommands.Add(Command(_database.Sql(FindEpochEnds), Parameter.Of(ids)));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);

        return (await ReadAllAsync(reader, static row => KeyValuePair.Create((row.GetString(0), row.GetInt64(1)), row.GetInt64(2)), cancellationToken)).ToDictionary();
    }

    private static KeyValuePair<string, SessionAddress> ReadAddress(NpgsqlDataReader row) =>
        KeyValuePair.Create(row.GetString(0), new SessionAddress(row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt32(2)));
}
