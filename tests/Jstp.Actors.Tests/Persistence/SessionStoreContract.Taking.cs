using Jstp.Actors.Persistence;

namespace Jstp.Actors.Tests.Persistence;

public abstract partial class SessionStoreContract
{
    [Fact]
    public async Task TakeAsync_UnknownId_FindsNothing() =>
        Assert.Equal(new SessionTakeResult("none", Record: null, Owner: null), await TakeAsync("none"));

    [Fact]
    public async Task TakeAsync_OwnedByALivingNode_NamesIt()
    {
        SessionClaim claim = await CreateAsync("id-1");

        Assert.Equal(new SessionTakeResult("id-1", Record: null, Node.Number), await TakeAsync("id-1"));
        Assert.Empty(await WriteAsync(Change(claim) with { Appended = Events(1) }));
    }

    [Fact]
    public async Task TakeAsync_Forced_TakesFromALivingNode()
    {
        SessionClaim claim = await CreateAsync("id-1");

        SessionRecord record = await TakeRecordAsync("id-1", force: true);

        Assert.True(record.WasForced);
        Assert.Equal(2, record.Epoch);
        Assert.Equal([claim.Key], await WriteAsync(Change(claim) with { Appended = Events(1) }));
    }

    [Fact]
    public async Task TakeAsync_OwnerHasLeft_TakesWithoutForce()
    {
        await CreateAsync("id-1");
        await Node.DisposeAsync();

        Assert.True((await TakeRecordAsync("id-1")).WasForced);
    }

    [Fact]
    public async Task TakeAsync_OwnSession_RaisesTheEpoch()
    {
        SessionClaim claim = await CreateAsync("id-1");

        SessionTakeResult result = Assert.Single(await Store.TakeAsync(Node.Number, [new SessionTakeRequest("id-1")], CancellationToken.None));

        Assert.Equal(2, result.Record?.Epoch);
        Assert.Equal([claim.Key], await WriteAsync(Change(claim) with { Appended = Events(1) }));
        Assert.Empty(await WriteAsync(Change(claim with { Epoch = 2 }) with { Appended = Events(1) }));
    }

    [Fact]
    public async Task TakeAsync_SuccessorOfTheSameName_FindsThePredecessorDead()
    {
        await CreateAsync("id-1");
        await using INodeMembership successor = await OtherStore.JoinAsync("here", CancellationToken.None);

        Assert.NotEqual(Node.Number, successor.Number);
        Assert.True((await TakeRecordAsync("id-1")).WasForced);
        Assert.DoesNotContain(await Other.GetNodesAsync(CancellationToken.None), node => node.Number == Node.Number);
    }

    [Fact]
    public async Task TakeAsync_Mixed_AnswersInTheOrderOfTheRequests()
    {
        await CreateAsync("kept");
        await CreateAsync("forced");
        await ReleaseAsync(await CreateAsync("free"));

        IReadOnlyList<SessionTakeResult> results = await OtherStore.TakeAsync(
            Other.Number,
            [new SessionTakeRequest("free"), new SessionTakeRequest("none"), new SessionTakeRequest("kept"), new SessionTakeRequest("forced", Force: true)],
            CancellationToken.None);

        Assert.Equal(["free", "none", "kept", "forced"], results.Select(static result => result.Id));
        Assert.Equal([false, true, true, false], results.Select(static result => result.Record is null));
        Assert.Equal([null, null, Node.Number, null], results.Select(static result => result.Owner));
    }

    [Fact]
    public async Task TakeAsync_TwoNodesAtOnce_ExactlyOneGetsEachSession()
    {
        SessionChange[] changes = [.. Enumerable.Range(0, 200).Select(i => Creating($"id-{i}") with { Transition = SessionTransition.Released })];
        await Store.WriteAsync(changes, CancellationToken.None);
        SessionTakeRequest[] requests = [.. Enumerable.Range(0, 200).Select(static i => new SessionTakeRequest($"id-{i}"))];

        // In opposite orders, which would make transactions wait for each other in a circle if they locked as they were asked.
        IReadOnlyList<SessionTakeResult>[] both = await Task.WhenAll(
            Task.Run(() => Store.TakeAsync(Node.Number, requests, CancellationToken.None)),
            Task.Run(() => OtherStore.TakeAsync(Other.Number, [.. requests.Reverse()], CancellationToken.None)));

        string[] won = [.. both.SelectMany(static results => results).Where(static result => result.Record is not null).Select(static result => result.Id)];
        Assert.Equal(200, won.Length);
        Assert.Equal(200, won.Distinct().Count());
        Assert.All(both[0], result => Assert.Equal(result.Record is null ? Other.Number : null, result.Owner));
        Assert.All(both[1], result => Assert.Equal(result.Record is null ? Node.Number : null, result.Owner));
    }

    [Fact]
    public async Task TakeAsync_WhileTheOwnerWrites_ReadsEverythingThatWasNotRefused()
    {
        SessionClaim claim = await CreateAsync("id-1");
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        Task<long> writing = Task.Run(async () =>
        {
            for (long magnitude = 1; ; magnitude++)
            {
                if ((await WriteAsync(Change(claim) with { Appended = Events(magnitude) })).Count > 0)
                {
                    return magnitude - 1;
                }

                if (magnitude == 20)
                {
                    started.SetResult();
                }
            }
        });

        await started.Task;
        SessionRecord record = await TakeRecordAsync("id-1", force: true);

        // Whatever was written after the take must have been refused: else it is in the store and not in the record, or lost.
        Assert.Equal(await writing, record.Messages.Count);
        Assert.Equal(record.Messages.Count, (await TakeRecordAsync("id-1")).Messages.Count);
    }
}
