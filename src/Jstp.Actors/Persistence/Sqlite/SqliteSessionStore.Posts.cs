using Jstp.Actors.Persistence.Columns;
using Microsoft.Data.Sqlite;

namespace Jstp.Actors.Persistence.Sqlite;

public sealed partial class SqliteSessionStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionAddress?>> PostAsync(IReadOnlyList<SessionPost> posts, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<SessionAddress?>>(
            () => [.. posts.Select(Post)],
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionAddress>> PostToUserAsync(
        string? application, string userName, ReadOnlyMemory<byte> tail, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<SessionAddress>>(
            () =>
            {
                List<SessionAddress> addresses = Prepared("select key, owner from sessions where user_name = $1 and ($2 is null or application = $2)")
                    .List(ReadAddress, TextColumn.Escape(userName), application is null ? null : TextColumn.Escape(application));
                addresses.ForEach(address => Leave(address.Key, tail));

                return addresses;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPost>> ReadPostsAsync(IReadOnlyList<long> keys, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<StoredPost>>(() => [.. keys.SelectMany(ReadPosts)], cancellationToken);

    private List<StoredPost> ReadPosts(long key) =>
        Prepared("select ordinal, tail from posts where session_key = $1 order by ordinal")
            .List(row => new StoredPost(key, row.GetInt64(0), row.GetFieldValue<byte[]>(1)), key);

    private SessionAddress? Post(SessionPost post)
    {
        List<SessionAddress> found = Prepared("select key, owner from sessions where id = $1").List(ReadAddress, TextColumn.Escape(post.SessionId));

        if (found.Count == 0)
        {
            return null;
        }

        if (post.Origin is not { } origin)
        {
            Leave(found[0].Key, post.Tail);
        }
        else if (Prepared("select magnitude from epoch_ends where session_key = $1 and epoch = $2").Scalar(found[0].Key, origin.Epoch) is not long end || end < origin.Magnitude)
        {
            EndEpoch(found[0].Key, origin.Epoch, origin.Magnitude);
            Leave(found[0].Key, post.Tail);
        }

        return found[0];
    }

    private void EndEpoch(long key, long epoch, long magnitude) =>
        Prepared("""
            insert into epoch_ends (session_key, epoch, magnitude) values ($1, $2, $3)
            on conflict (session_key, epoch) do update set magnitude = max(magnitude, excluded.magnitude)
            """).Run(key, epoch, magnitude);

    private void Leave(long key, ReadOnlyMemory<byte> tail)
    {
        Prepared("update sessions set last_ordinal = last_ordinal + 1 where key = $1").Run(key);
        Prepared("insert into posts (session_key, ordinal, tail) select key, last_ordinal, $2 from sessions where key = $1").Run(key, ToArray(tail));
    }

    private static SessionAddress ReadAddress(SqliteDataReader row) => new(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt32(1));
}
