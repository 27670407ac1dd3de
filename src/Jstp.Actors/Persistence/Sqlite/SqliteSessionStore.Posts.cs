using Jstp.Actors.Persistence.Columns;
using Microsoft.Data.Sqlite;

namespace Jstp.Actors.Persistence.Sqlite;

public sealed partial class SqliteSessionStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionAddress?>> PostAsync(IReadOnlyList<SessionPost> posts, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<SessionAddress?>>(
            () => [.. posts.Select(post => Post("select key, owner from sessions where id = $1", post.Tail, TextColumn.Escape(post.SessionId)).Select(static address => (SessionAddress?)address).FirstOrDefault())],
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionAddress>> PostToUserAsync(
        string? application, string userName, ReadOnlyMemory<byte> tail, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<SessionAddress>>(
            () => Post(
                "select key, owner from sessions where user_name = $1 and ($2 is null or application = $2)",
                tail,
                TextColumn.Escape(userName),
                application is null ? null : TextColumn.Escape(application)),
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPost>> ReadPostsAsync(IReadOnlyList<long> keys, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<StoredPost>>(() => [.. keys.SelectMany(ReadPosts)], cancellationToken);

    private List<StoredPost> ReadPosts(long key) =>
        Prepared("select ordinal, tail from posts where session_key = $1 order by ordinal")
            .List(row => new StoredPost(key, row.GetInt64(0), row.GetFieldValue<byte[]>(1)), key);

    private List<SessionAddress> Post(string find, ReadOnlyMemory<byte> tail, params ReadOnlySpan<object?> values)
    {
        List<SessionAddress> addresses = Prepared(find).List(ReadAddress, values);

        foreach (SessionAddress address in addresses)
        {
            Prepared("update sessions set last_ordinal = last_ordinal + 1 where key = $1").Run(address.Key);
            Prepared("insert into posts (session_key, ordinal, tail) select key, last_ordinal, $2 from sessions where key = $1").Run(address.Key, ToArray(tail));
        }

        return addresses;
    }

    private static SessionAddress ReadAddress(SqliteDataReader row) => new(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt32(1));
}
