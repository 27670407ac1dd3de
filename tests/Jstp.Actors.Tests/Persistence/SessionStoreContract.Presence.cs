using Jstp.Actors.Persistence;

namespace Jstp.Actors.Tests.Persistence;

public abstract partial class SessionStoreContract
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private async Task<string[]> FindAsync(SessionFilter filter, int limit = 100) =>
        [.. (await OtherStore.FindAsync(filter, limit, CancellationToken.None)).Select(static presence => presence.SessionId).Order()];

    private Task<int> ExpireAsync(int limit = 100) => OtherStore.ExpireAsync(Day, limit, CancellationToken.None);

    [Fact]
    public async Task FindAsync_EachFilter_RestrictsToIt()
    {
        await CreateAsync("id-1", "ann", "chat");
        await CreateAsync("id-2", "ann", "game");
        SessionClaim bob = await CreateAsync("id-3", "bob", "chat");
        await CreateAsync("id-4", application: "game");
        await WriteAsync(Change(bob) with { Transition = SessionTransition.Detached });

        Assert.Equal(["id-1", "id-2", "id-3", "id-4"], await FindAsync(default));
        Assert.Equal(["id-1", "id-3"], await FindAsync(new SessionFilter("chat")));
        Assert.Equal(["id-1", "id-2"], await FindAsync(new SessionFilter(UserName: "ann")));
        Assert.Equal(["id-4"], await FindAsync(new SessionFilter(SessionId: "id-4")));
        Assert.Equal(["id-3"], await FindAsync(new SessionFilter(IsConnected: false)));
        Assert.Equal(["id-1"], await FindAsync(new SessionFilter("chat", "ann", "id-1", IsConnected: true)));
        Assert.Empty(await FindAsync(new SessionFilter("chat", "ann", "id-2")));
        Assert.Equal(2, (await FindAsync(default, limit: 2)).Length);
    }

    [Fact]
    public async Task FindAsync_AttachedDetachedReleasedTaken_TellsOwnerAndConnection()
    {
        SessionClaim claim = await CreateAsync("id-1");
        Assert.Equal((Node.Number, true), await PresenceAsync());

        await WriteAsync(Change(claim) with { Transition = SessionTransition.Detached });
        Assert.Equal((Node.Number, false), await PresenceAsync());

        await WriteAsync(Change(claim) with { Transition = SessionTransition.Attached });
        Assert.Equal((Node.Number, true), await PresenceAsync());

        await ReleaseAsync(claim);
        Assert.Equal((null, false), await PresenceAsync());

        await TakeAsync("id-1");
        Assert.Equal((Other.Number, false), await PresenceAsync());

        async Task<(int?, bool)> PresenceAsync()
        {
            SessionPresence presence = Assert.Single(await Store.FindAsync(default, 10, CancellationToken.None));
            return (presence.Owner, presence.IsConnected);
        }
    }

    [Fact]
    public async Task FindAsync_OwnerHasLeft_ShowsNobodyConnected()
    {
        await CreateAsync("id-1");
        await Node.DisposeAsync();

        SessionPresence presence = Assert.Single(await OtherStore.FindAsync(default, 10, CancellationToken.None));

        Assert.Equal(new SessionPresence("id-1", "app", null, Owner: null, IsConnected: false), presence);
        Assert.Empty(await FindAsync(new SessionFilter(IsConnected: true)));
    }

    [Fact]
    public async Task ExpireAsync_ReleasedLongAgo_IsDeletedWithEverything()
    {
        SessionClaim claim = await CreateAsync("id-1");
        await WriteAsync(Change(claim) with { Appended = Events(1), Transition = SessionTransition.Released });
        await Store.PostAsync([new SessionPost("id-1", Utf8("p"))], CancellationToken.None);

        Assert.Equal(0, await ExpireAsync());
        await Harness.PassAsync(Day - TimeSpan.FromMinutes(1));
        Assert.Equal(0, await ExpireAsync());
        await Harness.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await ExpireAsync());

        Assert.Null((await TakeAsync("id-1")).Record);
        Assert.Empty(await Store.ReadPostsAsync([claim.Key], CancellationToken.None));
    }

    [Fact]
    public async Task ExpireAsync_OwnedByALivingNode_IsKept()
    {
        SessionClaim claim = await CreateAsync("id-1");
        await WriteAsync(Change(claim) with { Transition = SessionTransition.Detached });
        await Harness.PassAsync(Day * 2);

        Assert.Equal(0, await ExpireAsync());
        Assert.Empty(await WriteAsync(Change(claim) with { Appended = Events(1) }));
    }

    [Fact]
    public async Task ExpireAsync_OwnerHasLeft_CountsFromTheFirstCallThatFindsIt()
    {
        await CreateAsync("id-1");
        await Harness.PassAsync(Day * 2);
        await Node.DisposeAsync();
        await Harness.PassAsync(Day * 2);

        Assert.Equal(0, await ExpireAsync());
        await Harness.PassAsync(Day - TimeSpan.FromMinutes(1));
        Assert.Equal(0, await ExpireAsync());
        await Harness.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await ExpireAsync());
        Assert.Equal(0, await ExpireAsync());
    }

    [Fact]
    public async Task ExpireAsync_TakenFromTheDead_IsKept()
    {
        await CreateAsync("id-1");
        await Node.DisposeAsync();
        await ExpireAsync();
        await TakeAsync("id-1");
        await Harness.PassAsync(Day * 2);

        Assert.Equal(0, await ExpireAsync());
    }

    [Fact]
    public async Task ExpireAsync_Limit_IsKept()
    {
        SessionChange[] changes = [.. Enumerable.Range(0, 10).Select(i => Creating($"id-{i}") with { Transition = SessionTransition.Released })];
        await Store.WriteAsync(changes, CancellationToken.None);
        await Harness.PassAsync(Day);

        Assert.Equal(7, await ExpireAsync(limit: 7));
        Assert.Equal(3, await ExpireAsync(limit: 7));
        Assert.Empty(await FindAsync(default));
    }
}
