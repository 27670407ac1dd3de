using Jstp.Actors.Persistence.Columns;

namespace Jstp.Actors.Persistence.PostgreSql;

public sealed partial class PostgreSqlSessionStore
{
    // Ordinals are given under the locks of the sessions' rows, which are held until the commit: whoever reads one has read all below it, so that deleting
    // up to an ordinal deletes nothing unread.
    private const string Post = """
        with wanted as materialized (
            select u.id, u.tail, row_number() over (partition by u.id order by u.place) as number
            from unnest($1::text[], $2::bytea[]) with ordinality as u (id, tail, place)
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

        Dictionary<string, SessionAddress> addresses = (await ReadListAsync(
            _database.Sql(Post),
            () => [Parameter.Of(ids), Parameter.Of([.. posts.Select(static post => post.Tail)])],
            static row => KeyValuePair.Create(row.GetString(0), new SessionAddress(row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt32(2))),
            cancellationToken)).ToDictionary(StringComparer.Ordinal);

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
}
