using System.Text;
using Jstp.Actors.Persistence;

namespace Jstp.Actors.Tests.Persistence;

public abstract partial class SessionStoreContract
{
    private static string Text(ReadOnlyMemory<byte> text) => Encoding.UTF8.GetString(text.Span);

    [Fact]
    public async Task PostAsync_ToOwnedDetachedAndNobody_TellsWhereTheyAre()
    {
        SessionClaim owned = await CreateAsync("owned");
        SessionClaim free = await CreateAsync("free");
        await ReleaseAsync(free);

        IReadOnlyList<SessionAddress?> addresses = await OtherStore.PostAsync(
            [new SessionPost("free", Utf8("a")), new SessionPost("none", Utf8("b")), new SessionPost("owned", Utf8("c"))], CancellationToken.None);

        Assert.Equal([new SessionAddress(free.Key, null), null, new SessionAddress(owned.Key, Node.Number)], addresses);
    }

    [Fact]
    public async Task PostAsync_SeveralToOneSession_AreReadInOrder()
    {
        SessionClaim first = await CreateAsync("id-1");
        SessionClaim second = await CreateAsync("id-2");
        await OtherStore.PostAsync([new SessionPost("id-1", Utf8("a")), new SessionPost("id-2", Utf8("b")), new SessionPost("id-1", Utf8("c"))], CancellationToken.None);
        await Store.PostAsync([new SessionPost("id-1", Utf8("d"))], CancellationToken.None);

        ILookup<long, StoredPost> posts = (await Store.ReadPostsAsync([first.Key, second.Key, 99], CancellationToken.None)).ToLookup(static post => post.Key);

        Assert.Equal([(1, "a"), (2, "c"), (3, "d")], posts[first.Key].Select(static post => (post.Ordinal, Text(post.Tail))));
        Assert.Equal([(1, "b")], posts[second.Key].Select(static post => (post.Ordinal, Text(post.Tail))));
    }

    [Fact]
    public async Task ReadPostsAsync_AfterCollection_ReadsOnlyLaterOnes()
    {
        SessionClaim claim = await CreateAsync("id-1");
        await Store.PostAsync([new SessionPost("id-1", Utf8("a")), new SessionPost("id-1", Utf8("b"))], CancellationToken.None);
        await WriteAsync(Change(claim) with { Appended = Events(1, 2), CollectedThrough = 2 });
        await Store.PostAsync([new SessionPost("id-1", Utf8("c"))], CancellationToken.None);

        IReadOnlyList<StoredPost> posts = await Store.ReadPostsAsync([claim.Key], CancellationToken.None);

        Assert.Equal([(3, "c")], posts.Select(static post => (post.Ordinal, Text(post.Tail))));
        Assert.Equal([3], (await TakeRecordAsync("id-1", force: true)).Posts.Select(static post => post.Ordinal));
    }

    [Fact]
    public async Task PostAsync_ToASessionThatIsTakenMeanwhile_IsInTheRecordOrAddressedToTheTaker()
    {
        await CreateAsync("id-1");
        await ReleaseAsync(new SessionClaim(((long)Node.Number << 32) + 1, 1));

        for (int i = 0; i < 50; i++)
        {
            (ISessionStore taker, int number) = i % 2 == 0 ? (OtherStore, Other.Number) : (Store, Node.Number);
            Task<IReadOnlyList<SessionAddress?>> posting = Task.Run(() => Store.PostAsync([new SessionPost("id-1", Utf8($"{i}"))], CancellationToken.None));
            SessionRecord record = Assert.Single(await taker.TakeAsync(number, [new SessionTakeRequest("id-1", Force: true)], CancellationToken.None)).Record!;
            SessionAddress address = Assert.Single(await posting)!.Value;

            // Else the event would lie there with nobody to be told of it.
            Assert.True(record.Posts.Any(post => Text(post.Tail) == $"{i}") || address.Owner == number, $"post {i} is with nobody");
        }
    }

    [Fact]
    public async Task PostAsync_FromTwoNodesWhileTheOwnerCollects_LosesAndRepeatsNothing()
    {
        const int count = 200;
        SessionClaim claim = await CreateAsync("id-1");
        var collected = new List<string>();

        Task posting = Task.WhenAll(Post(Store, "a"), Post(OtherStore, "b"));

        while (collected.Count < 2 * count)
        {
            bool isLast = posting.IsCompleted;
            IReadOnlyList<StoredPost> posts = await Store.ReadPostsAsync([claim.Key], CancellationToken.None);
            Assert.False(isLast && posts.Count == 0, $"only {collected.Count} posts were collected");

            if (posts.Count > 0)
            {
                collected.AddRange(posts.Select(static post => Text(post.Tail)));
                await WriteAsync(Change(claim) with { CollectedThrough = posts[^1].Ordinal });
            }
        }

        await posting;
        Assert.Equal(Enumerable.Range(0, count).Select(static i => $"a{i}"), collected.Where(static text => text[0] == 'a'));
        Assert.Equal(Enumerable.Range(0, count).Select(static i => $"b{i}"), collected.Where(static text => text[0] == 'b'));

        static Task Post(ISessionStore store, string name) => Task.Run(async () =>
        {
            for (int i = 0; i < count; i++)
            {
                await store.PostAsync([new SessionPost("id-1", Utf8($"{name}{i}"))], CancellationToken.None);
            }
        });
    }

    [Fact]
    public async Task PostToUserAsync_WithAndWithoutApplication_ReachesHisSessionsOnly()
    {
        SessionClaim chat = await CreateAsync("id-1", "ann", "chat");
        SessionClaim game = await CreateAsync("id-2", "ann", "game");
        await CreateAsync("id-3", "bob", "chat");
        await CreateAsync("id-4", application: "chat");

        IReadOnlyList<SessionAddress> inChat = await OtherStore.PostToUserAsync("chat", "ann", Utf8("a"), CancellationToken.None);
        IReadOnlyList<SessionAddress> everywhere = await OtherStore.PostToUserAsync(null, "ann", Utf8("b"), CancellationToken.None);
        IReadOnlyList<SessionAddress> nowhere = await OtherStore.PostToUserAsync("game", "bob", Utf8("c"), CancellationToken.None);

        Assert.Equal([new SessionAddress(chat.Key, Node.Number)], inChat);
        Assert.Equal([chat.Key, game.Key], everywhere.Select(static address => address.Key).Order());
        Assert.Empty(nowhere);
        Assert.Equal(["a", "b"], (await TakeRecordAsync("id-1", force: true)).Posts.Select(static post => Text(post.Tail)));
        Assert.Empty((await TakeRecordAsync("id-3", force: true)).Posts);
    }

    [Fact]
    public async Task PostAsync_OriginsOfAnEpochThatEndedByForce_LeavesWhatWasNotWritten()
    {
        SessionClaim claim = await CreateAsync("id-1");
        await WriteAsync(Change(claim) with { Appended = Events(1, 2, 3) });
        await TakeRecordAsync("id-1", force: true);

        IReadOnlyList<SessionAddress?> addresses = await Store.PostAsync([Unwritten(claim, 2), Unwritten(claim, 3), Unwritten(claim, 4), Unwritten(claim, 5)], CancellationToken.None);

        Assert.Equal(Enumerable.Repeat<SessionAddress?>(new SessionAddress(claim.Key, Other.Number), 4), addresses);
        Assert.Equal(["4", "5"], await ReadPostsAsync(claim));
    }

    [Fact]
    public async Task PostAsync_OriginsOnceMore_LeavesNothingMore()
    {
        SessionClaim claim = await CreateAsync("id-1");
        await TakeRecordAsync("id-1", force: true);
        SessionPost[] posts = [Unwritten(claim, 4), new SessionPost("id-1", Utf8("new")), Unwritten(claim, 5)];
        await Store.PostAsync(posts, CancellationToken.None);

        await Store.PostAsync([.. posts, Unwritten(claim, 6)], CancellationToken.None);

        Assert.Equal(["4", "new", "5", "new", "6"], await ReadPostsAsync(claim));
    }

    // What was written is in the store no more, as the client has it, and the session has had other owners since.
    [Fact]
    public async Task PostAsync_OriginsOfAnEpochLongAgo_AreStillKnown()
    {
        SessionClaim claim = await CreateAsync("id-1");
        await WriteAsync(Change(claim) with { Appended = Events(1, 2) });
        SessionRecord second = await TakeRecordAsync("id-1", force: true);
        var secondClaim = new SessionClaim(second.Key, second.Epoch);
        await OtherStore.WriteAsync([Change(secondClaim) with { Counts = new SessionCounts(0, 2, 2), ReleasedThrough = 2 }], CancellationToken.None);
        await OtherStore.WriteAsync([Change(secondClaim) with { Appended = Events(3, 4) }], CancellationToken.None);
        await TakeRecordAsync("id-1", force: true);
        await ReleaseAsync(new SessionClaim(second.Key, second.Epoch + 1));
        await TakeRecordAsync("id-1");

        await Store.PostAsync([Unwritten(claim, 2), Unwritten(claim, 3), Unwritten(secondClaim, 4), Unwritten(secondClaim, 5)], CancellationToken.None);

        Assert.Equal(["3", "5"], await ReadPostsAsync(claim)); // two nodes have given the number 3
    }

    [Fact]
    public async Task PostAsync_OriginInASessionThatIsOver_IsWithNobody()
    {
        SessionClaim claim = await CreateAsync("id-1");
        await WriteAsync(Change(claim) with { Transition = SessionTransition.Deleted });

        Assert.Equal([null], await Store.PostAsync([Unwritten(claim, 1)], CancellationToken.None));
    }

    private static SessionPost Unwritten(SessionClaim claim, long magnitude) => new("id-1", Utf8($"{magnitude}"), new MessageOrigin(claim.Epoch, magnitude));

    private async Task<string[]> ReadPostsAsync(SessionClaim claim) =>
        [.. (await Store.ReadPostsAsync([claim.Key], CancellationToken.None)).Select(static post => Text(post.Tail))];
}
