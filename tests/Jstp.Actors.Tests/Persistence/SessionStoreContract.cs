using System.Text;
using Jstp.Actors.Persistence;
using Jstp.Actors.Sessions;

namespace Jstp.Actors.Tests.Persistence;

/// <summary>What every session store does. Two nodes, which are two processes where the store allows that, look at one place.</summary>
public abstract partial class SessionStoreContract : IAsyncLifetime
{
    private int _sessionCount;

    private protected SessionStoreContract(StoreHarness harness)
    {
        Harness = harness;
    }

    private protected StoreHarness Harness { get; }

    private protected ISessionStore Store { get; private set; } = null!;

    private protected ISessionStore OtherStore { get; private set; } = null!;

    private protected INodeMembership Node { get; private set; } = null!;

    private protected INodeMembership Other { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Store = await Harness.OpenAsync();
        OtherStore = await Harness.OpenAsync();
        Node = await Store.JoinAsync("here", CancellationToken.None);
        Other = await OtherStore.JoinAsync("there", CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await Node.DisposeAsync();
        await Other.DisposeAsync();
        await Harness.DisposeAsync();
    }

    private protected static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private protected static OutgoingMessage Event(long magnitude, string tail = ",'chat'],line:['x']}") => new(OutgoingKind.Event, magnitude, Utf8(tail));

    private protected static OutgoingMessage[] Events(params long[] magnitudes) => [.. magnitudes.Select(static magnitude => Event(magnitude))];

    private protected long NewKey() => ((long)Node.Number << 32) + ++_sessionCount;

    private protected SessionChange Creating(string id, string? userName = null, string application = "app") => new()
    {
        Key = NewKey(),
        Epoch = 1,
        Creation = new SessionCreation(id, application, userName, Node.Number),
        Counts = default(SessionCounts),
        Transition = SessionTransition.Attached,
    };

    private protected async Task<SessionClaim> CreateAsync(string id, string? userName = null, string application = "app")
    {
        SessionChange change = Creating(id, userName, application);
        Assert.Empty(await WriteAsync(change));
        return new SessionClaim(change.Key, change.Epoch);
    }

    private protected Task<IReadOnlyList<long>> WriteAsync(params SessionChange[] changes) => Store.WriteAsync(changes, CancellationToken.None);

    private protected static SessionChange Change(SessionClaim claim) => new() { Key = claim.Key, Epoch = claim.Epoch };

    /// <summary>Takes one session for the other node.</summary>
    private protected async Task<SessionTakeResult> TakeAsync(string id, bool force = false) =>
        Assert.Single(await OtherStore.TakeAsync(Other.Number, [new SessionTakeRequest(id, force)], CancellationToken.None));

    private protected async Task<SessionRecord> TakeRecordAsync(string id, bool force = false)
    {
        SessionTakeResult result = await TakeAsync(id, force);
        Assert.NotNull(result.Record);
        return result.Record;
    }

    private protected Task ReleaseAsync(SessionClaim claim) => WriteAsync(Change(claim) with { Transition = SessionTransition.Released });
}
