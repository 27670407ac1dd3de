using System.Text;
using Jstp.Actors.Persistence;

namespace Jstp.Actors.Tests.Cluster;

/// <summary>Sessions in a store that no server knows of.</summary>
internal static class StoredSessions
{
    private static long s_lastKey = 1000;

    public static async Task<long> AddAsync(
        this ISessionStore store, int owner, string id, string? userName = null, string application = "app", SessionTransition transition = SessionTransition.Attached)
    {
        long key = Interlocked.Increment(ref s_lastKey);
        Assert.Empty(await store.WriteAsync(
            [new SessionChange { Key = key, Epoch = 1, Creation = new SessionCreation(id, application, userName, owner), Transition = transition }],
            CancellationToken.None));

        return key;
    }

    /// <summary>The events that were left for a session.</summary>
    public static async Task<IReadOnlyList<string>> ReadPostsAsync(this ISessionStore store, long key) =>
        [.. (await store.ReadPostsAsync([key], CancellationToken.None)).Select(post => Encoding.UTF8.GetString(post.Tail.Span))];
}
