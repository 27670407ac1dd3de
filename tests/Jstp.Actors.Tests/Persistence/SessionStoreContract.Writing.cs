using Jstp.Actors.Persistence;
using Jstp.Actors.Sessions;
using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Tests.Persistence;

public abstract partial class SessionStoreContract
{
    [Fact]
    public async Task WriteAsync_Creation_IsReadBack()
    {
        SessionClaim claim = await CreateAsync("id-1", "ann");
        await ReleaseAsync(claim);

        SessionRecord record = await TakeRecordAsync("id-1");

        Assert.Equal($"{claim.Key}@3 id-1 app ann {default(SessionCounts)} forced False data [] messages [] requests [] answers [] posts []", RecordText.Of(record));
    }

    [Fact]
    public async Task WriteAsync_CreationTwice_ChangesNothing()
    {
        SessionChange creation = Creating("id-1") with { Appended = Events(1, 2) };
        await WriteAsync(creation);

        Assert.Empty(await WriteAsync(creation));

        SessionRecord record = await TakeRecordAsync("id-1", force: true);
        Assert.Equal([1, 2], record.Messages.Select(static message => message.Magnitude));
        Assert.Equal(2, record.Epoch);
    }

    [Fact]
    public async Task WriteAsync_CreationUnderAnIdThatIsThere_IsRefused()
    {
        await CreateAsync("id-1");
        SessionChange second = Creating("id-1");

        Assert.Equal([second.Key], await WriteAsync(second));
    }

    [Theory]
    [InlineData("corp\\ann")]
    [InlineData("\\u0000")]
    [InlineData("a\0b")]
    [InlineData("\uD800 alone")]
    [InlineData("🦊 \uDC00")]
    [InlineData("")]
    public async Task WriteAsync_NamesThatDatabasesRefuse_AreReadBackAndFound(string name)
    {
        await CreateAsync("id" + name, userName: name, application: name + "!");

        SessionPresence presence = Assert.Single(await OtherStore.FindAsync(new SessionFilter(name + "!", name, "id" + name), 10, CancellationToken.None));

        Assert.Equal(new SessionPresence("id" + name, name + "!", name, Node.Number, IsConnected: true), presence);
        Assert.Single(await OtherStore.PostToUserAsync(name + "!", name, Utf8("x"), CancellationToken.None));
        Assert.Equal(name, (await TakeRecordAsync("id" + name, force: true)).UserName);
    }

    [Fact]
    public async Task WriteAsync_LongUserName_IsKept()
    {
        string name = new('ü', 20_000);
        await CreateAsync("id-1", name);
        await CreateAsync("id-2", name + "!");

        SessionPresence presence = Assert.Single(await OtherStore.FindAsync(new SessionFilter(UserName: name), 10, CancellationToken.None));

        Assert.Equal("id-1", presence.SessionId);
    }

    [Fact]
    public async Task WriteAsync_AppendedAndReleased_LeavesTheRestInOrder()
    {
        SessionClaim claim = await CreateAsync("id-1");
        await WriteAsync(Change(claim) with { Appended = [new OutgoingMessage(OutgoingKind.Call, 1, Utf8("a")), Event(2, "b")] });
        await WriteAsync(Change(claim) with { Appended = [Event(3, "c"), new OutgoingMessage(OutgoingKind.Inspect, 10, Utf8("d"))] });

        await WriteAsync(Change(claim) with { Counts = new SessionCounts(5, 1, 10), ReleasedThrough = 1 });

        SessionRecord record = await TakeRecordAsync("id-1", force: true);
        Assert.Equal(["Event 2 b", "Event 3 c", "Inspect 10 d"], record.Messages.Select(RecordText.Of));
        Assert.Equal(new SessionCounts(5, 1, 10), record.Counts);
    }

    [Fact]
    public async Task WriteAsync_ReleasedBeyondItsOwnAppended_KeepsNoneOfThem()
    {
        SessionClaim claim = await CreateAsync("id-1");

        await WriteAsync(Change(claim) with { Appended = Events(1, 2, 3), ReleasedThrough = 2 });

        Assert.Equal([3], (await TakeRecordAsync("id-1", force: true)).Messages.Select(static message => message.Magnitude));
    }

    [Theory]
    [InlineData("4", 3)]
    [InlineData("", 3, 4)]
    public async Task WriteAsync_ReleasedWithinABatch_LeavesTheRestOfIt(string rest, params int[] delivered)
    {
        SessionClaim claim = await CreateAsync("id-1");
        await WriteAsync(Change(claim) with { Appended = Events(1, 2, 3, 4) });

        foreach (int magnitude in delivered)
        {
            await WriteAsync(Change(claim) with { Counts = new SessionCounts(0, magnitude, 4), ReleasedThrough = magnitude });
        }

        Assert.Equal(rest, string.Concat((await TakeRecordAsync("id-1", force: true)).Messages.Select(static message => message.Magnitude)));
    }

    [Fact]
    public async Task WriteAsync_AppendedWithoutCounts_RaisesTheLastMagnitude()
    {
        SessionClaim claim = await CreateAsync("id-1");
        await WriteAsync(Change(claim) with { Counts = new SessionCounts(3, 4, 4) });

        await WriteAsync(Change(claim) with { Appended = Events(5, 6, 7) });

        Assert.Equal(new SessionCounts(3, 4, 7), (await TakeRecordAsync("id-1", force: true)).Counts);
    }

    [Fact]
    public async Task WriteAsync_LargestNumbers_AreReadBack()
    {
        const long largest = 1L << 53;
        SessionClaim claim = await CreateAsync("id-1");

        await WriteAsync(Change(claim) with { Counts = new SessionCounts(largest, largest - 1, largest), Appended = Events(largest) });

        SessionRecord record = await TakeRecordAsync("id-1", force: true);
        Assert.Equal(new SessionCounts(largest, largest - 1, largest), record.Counts);
        Assert.Equal(largest, Assert.Single(record.Messages).Magnitude);
    }

    [Fact]
    public async Task WriteAsync_Data_KeepsEveryKindOfValue()
    {
        MdsfValue deep = Enumerable.Range(0, MdsfWriter.MaxDepth - 1).Aggregate(MdsfValue.EmptyArray, static (inner, _) => MdsfValue.CreateArray(inner));

        var data = new Dictionary<string, MdsfValue>
        {
            [""] = MdsfValue.Undefined,
            ["null"] = MdsfValue.Null,
            ["true"] = MdsfValue.True,
            ["numbers"] = new MdsfValue[] { 0, -1.5, 1e300, 9007199254740992 },
            ["strings"] = new MdsfValue[] { "", "quote ' \" \\ \n\0", "🦊", new string('x', 100_000) },
            ["\0 name \uD800"] = MdsfValue.EmptyObject,
            ["object"] = MdsfValue.CreateObject(("b", 1), ("a", MdsfValue.CreateArray(MdsfValue.Undefined, false))),
            ["deep"] = deep,
        };
        SessionClaim claim = await CreateAsync("id-1");

        await WriteAsync(Change(claim) with { Data = data });

        SessionRecord record = await TakeRecordAsync("id-1", force: true);
        Assert.Equal(data.OrderBy(static pair => pair.Key, StringComparer.Ordinal), record.Data.OrderBy(static pair => pair.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task WriteAsync_DataAndRequestsAgain_ReplacesAllOfThem()
    {
        SessionClaim claim = await CreateAsync("id-1");
        OpenRequest[] requests = [new OpenRequest(1, IsCall: true, Utf8("{call:[1,'a'],b:[]}")), new OpenRequest(-2, IsCall: false, ReadOnlyMemory<byte>.Empty)];
        await WriteAsync(Change(claim) with { Data = new Dictionary<string, MdsfValue> { ["a"] = 1, ["b"] = 2 }, OpenRequests = requests });
        SessionRecord first = await TakeRecordAsync("id-1", force: true);

        await OtherStore.WriteAsync(
            [new SessionChange { Key = claim.Key, Epoch = first.Epoch, Data = new Dictionary<string, MdsfValue> { ["b"] = 3 }, OpenRequests = [] }], CancellationToken.None);

        SessionRecord second = await TakeRecordAsync("id-1");
        Assert.Contains("data [a=1, b=2]", RecordText.Of(first));
        Assert.Contains("requests [1 True {call:[1,'a'],b:[]}, -2 False ]", RecordText.Of(first));
        Assert.Contains("data [b=3]", RecordText.Of(second));
        Assert.Contains("requests []", RecordText.Of(second));
    }

    [Fact]
    public async Task WriteAsync_NullParts_LeaveThemAsTheyWere()
    {
        SessionClaim claim = await CreateAsync("id-1");
        await WriteAsync(Change(claim) with
        {
            Counts = new SessionCounts(1, 2, 3),
            Data = new Dictionary<string, MdsfValue> { ["a"] = 1 },
            OpenRequests = [new OpenRequest(7, IsCall: true, Utf8("x"))],
            KeptAnswers = Utf8("kept"),
        });

        await WriteAsync(Change(claim) with { Transition = SessionTransition.Detached });

        string text = RecordText.Of(await TakeRecordAsync("id-1", force: true));
        Assert.Contains($"{new SessionCounts(1, 2, 3)}", text);
        Assert.Contains("data [a=1]", text);
        Assert.Contains("requests [7 True x]", text);
        Assert.Contains("answers [kept]", text);
    }

    [Fact]
    public async Task WriteAsync_KeptAnswersAgain_ReplacesThem()
    {
        SessionClaim claim = await CreateAsync("id-1");
        await WriteAsync(Change(claim) with { KeptAnswers = Utf8("kept") });

        await WriteAsync(Change(claim) with { KeptAnswers = ReadOnlyMemory<byte>.Empty, Transition = SessionTransition.Released });

        Assert.Contains("answers []", RecordText.Of(await TakeRecordAsync("id-1")));
    }

    public static TheoryData<string> KindsOfChanges => [.. Changes.Keys];

    private static readonly Dictionary<string, Func<SessionChange, SessionChange>> Changes = new()
    {
        ["appended"] = static change => change with { Appended = Events(3) },
        ["released"] = static change => change with { Counts = new SessionCounts(0, 2, 2), ReleasedThrough = 2 },
        ["counts"] = static change => change with { Counts = new SessionCounts(9, 0, 9) },
        ["data"] = static change => change with { Data = new Dictionary<string, MdsfValue> { ["late"] = 1 } },
        ["requests"] = static change => change with { OpenRequests = [new OpenRequest(9, IsCall: true, default)] },
        ["answers"] = static change => change with { KeptAnswers = Utf8("late") },
        ["collected"] = static change => change with { CollectedThrough = 9 },
        ["attached"] = static change => change with { Transition = SessionTransition.Attached },
        ["detached"] = static change => change with { Transition = SessionTransition.Detached },
        ["released transition"] = static change => change with { Transition = SessionTransition.Released },
        ["deleted"] = static change => change with { Transition = SessionTransition.Deleted },
    };

    [Theory]
    [MemberData(nameof(KindsOfChanges))]
    public async Task WriteAsync_OlderEpoch_IsRefusedAndChangesNothing(string kind)
    {
        SessionClaim claim = await CreateAsync("id-1");
        await WriteAsync(Change(claim) with { Appended = Events(1, 2) });
        await OtherStore.PostAsync([new SessionPost("id-1", Utf8("p"))], CancellationToken.None);
        SessionRecord before = await TakeRecordAsync("id-1", force: true);
        SessionClaim untouched = await CreateAsync("id-2");

        IReadOnlyList<long> refused = await WriteAsync(Changes[kind](Change(claim)), Change(untouched) with { Appended = Events(1) });

        Assert.Equal([claim.Key], refused);
        SessionRecord after = await TakeRecordAsync("id-1");
        Assert.Equal(RecordText.Of(before with { Epoch = 3 }), RecordText.Of(after));
        Assert.Single((await TakeRecordAsync("id-2", force: true)).Messages); // the others of the batch are written
    }

    [Theory]
    [MemberData(nameof(KindsOfChanges))]
    public async Task WriteAsync_Twice_ChangesNothingMore(string kind)
    {
        SessionClaim claim = await CreateAsync("id-1");
        await WriteAsync(Change(claim) with { Appended = Events(1, 2) });
        SessionChange change = Changes[kind](Change(claim));
        Assert.Empty(await WriteAsync(change));

        Assert.Empty(await WriteAsync(change));

        SessionTakeResult result = await TakeAsync("id-1", force: true);
        Assert.Equal(kind == "deleted" ? null : kind == "released transition" ? 3 : 2, result.Record?.Epoch);
        Assert.Equal(kind == "deleted" ? null : kind == "released" ? 0 : kind == "appended" ? 3 : 2, result.Record?.Messages.Count);
    }

    [Fact]
    public async Task WriteAsync_ReleaseOnceMoreAfterItWasTaken_IsKnownAndChangesNothing()
    {
        SessionClaim claim = await CreateAsync("id-1");
        SessionChange release = Change(claim) with { Appended = Events(1, 2), Transition = SessionTransition.Released };
        await WriteAsync(release);
        SessionRecord taken = await TakeRecordAsync("id-1");
        await OtherStore.WriteAsync(
            [Change(new SessionClaim(taken.Key, taken.Epoch)) with { Counts = new SessionCounts(0, 2, 2), ReleasedThrough = 2 }], CancellationToken.None);

        Assert.Empty(await WriteAsync(release));

        SessionRecord after = await TakeRecordAsync("id-1", force: true);
        Assert.Empty(after.Messages);
        Assert.Equal(taken.Epoch + 1, after.Epoch);
    }

    [Fact]
    public async Task WriteAsync_ReleaseAfterTheSessionWasTakenByForce_IsRefused()
    {
        SessionClaim claim = await CreateAsync("id-1");
        SessionRecord taken = await TakeRecordAsync("id-1", force: true);
        await OtherStore.WriteAsync([Change(new SessionClaim(taken.Key, taken.Epoch)) with { Transition = SessionTransition.Released }], CancellationToken.None);

        Assert.Equal([claim.Key], await WriteAsync(Change(claim) with { Appended = Events(1), Transition = SessionTransition.Released }));
    }

    [Fact]
    public async Task WriteAsync_Released_CarriesOutTheRestOfTheChange()
    {
        SessionClaim claim = await CreateAsync("id-1");

        await WriteAsync(Change(claim) with { Appended = Events(1, 2), Counts = new SessionCounts(4, 0, 2), Transition = SessionTransition.Released });

        SessionRecord record = await TakeRecordAsync("id-1");
        Assert.False(record.WasForced);
        Assert.Equal(3, record.Epoch);
        Assert.Equal(2, record.Messages.Count);
        Assert.Equal(new SessionCounts(4, 0, 2), record.Counts);
    }

    [Fact]
    public async Task WriteAsync_CreatedAndReleasedAtOnce_BelongsToNobody()
    {
        SessionChange change = Creating("id-1") with { Transition = SessionTransition.Released, Counts = new SessionCounts(1, 0, 0) };

        Assert.Empty(await WriteAsync(change));

        SessionRecord record = await TakeRecordAsync("id-1");
        Assert.False(record.WasForced);
        Assert.Equal(new SessionCounts(1, 0, 0), record.Counts);
    }

    [Fact]
    public async Task WriteAsync_Deleted_LeavesNothing()
    {
        SessionClaim claim = await CreateAsync("id-1");
        await WriteAsync(Change(claim) with { Appended = Events(1) });
        await Store.PostAsync([new SessionPost("id-1", Utf8("p"))], CancellationToken.None);

        await WriteAsync(Change(claim) with { Appended = Events(2), Transition = SessionTransition.Deleted });

        Assert.Null((await TakeAsync("id-1")).Record);
        Assert.Empty(await Store.ReadPostsAsync([claim.Key], CancellationToken.None));
        SessionChange again = Creating("id-1") with { Key = claim.Key };
        await WriteAsync(again);
        Assert.Empty((await TakeRecordAsync("id-1", force: true)).Messages);
    }

    [Fact]
    public async Task WriteAsync_ThousandsOfSessions_AreWrittenAndTaken()
    {
        SessionChange[] changes = [.. Enumerable.Range(0, 3_000).Select(i => Creating($"id-{i}") with { Appended = Events(1, 2) })];

        Assert.Empty(await Store.WriteAsync(changes, CancellationToken.None));

        IReadOnlyList<SessionTakeResult> results = await OtherStore.TakeAsync(
            Other.Number, [.. Enumerable.Range(0, 3_000).Select(static i => new SessionTakeRequest($"id-{i}", Force: true))], CancellationToken.None);
        Assert.Equal(changes.Select(static change => change.Key), results.Select(static result => result.Record!.Key));
        Assert.All(results, static result => Assert.Equal(2, result.Record!.Messages.Count));
    }

    [Fact]
    public async Task WriteAsync_BigTexts_AreReadBack()
    {
        byte[] big = new byte[5_000_000];
        Random.Shared.NextBytes(big);
        SessionClaim claim = await CreateAsync("id-1");

        await WriteAsync(Change(claim) with { Appended = [new OutgoingMessage(OutgoingKind.Event, 1, big), Event(2)], OpenRequests = [new OpenRequest(1, IsCall: true, big)] });

        SessionRecord record = await TakeRecordAsync("id-1", force: true);
        Assert.True(record.Messages[0].Tail.Span.SequenceEqual(big));
        Assert.True(Assert.Single(record.OpenRequests).Text.Span.SequenceEqual(big));
    }

    [Fact]
    public async Task WriteAsync_Nothing_IsFine() => Assert.Empty(await WriteAsync());

    [Fact]
    public async Task FindLostAsync_OneTakenOneDeletedOneKept_NamesTheTwo()
    {
        SessionClaim taken = await CreateAsync("id-1");
        SessionClaim deleted = await CreateAsync("id-2");
        SessionClaim kept = await CreateAsync("id-3");
        await TakeRecordAsync("id-1", force: true);
        await WriteAsync(Change(deleted) with { Transition = SessionTransition.Deleted });

        IReadOnlyList<long> lost = await Store.FindLostAsync([taken, deleted, kept], CancellationToken.None);

        Assert.Equal([taken.Key, deleted.Key], lost.Order());
    }
}
