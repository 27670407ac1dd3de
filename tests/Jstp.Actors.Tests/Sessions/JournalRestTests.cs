using Jstp.Actors.Persistence;
using Jstp.TestKit;
using Jstp.TestKit.Server;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>Where nobody waits for the journal, it rests for longer than it writes.</summary>
public sealed class JournalRestTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(0, 5)] // the JournalInterval
    [InlineData(10, 40)]
    [InlineData(1000, 100)] // what a node that dies may lose has a bound
    public async Task Continuous_AfterAWrite_RestsInProportion(int writeMilliseconds, int restMilliseconds)
    {
        (ISessionStore store, SlowWrites writes) = SlowWrites.Create(_time);
        await using JstpTestServer server = await StartAsync(store, SessionDurability.Continuous);
        await server.ConnectAsync();
        await server.AdvanceAsync(TimeSpan.FromSeconds(1)); // the session itself
        writes.Duration = TimeSpan.FromMilliseconds(writeMilliseconds);
        await EmitAsync(server);
        await AdvanceAsync(server, 5);
        int first = writes.Count;

        await EmitAsync(server);
        await AdvanceAsync(server, restMilliseconds - 1);
        int atRest = writes.Count;
        await AdvanceAsync(server, 1);

        Assert.Equal((first, first + 1), (atRest, writes.Count));
        writes.Duration = TimeSpan.Zero;
    }

    [Fact]
    public async Task Continuous_NothingChanges_SleepsWithoutATimer()
    {
        (ISessionStore store, SlowWrites writes) = SlowWrites.Create(_time);
        await using JstpTestServer server = await StartAsync(store, SessionDurability.Continuous);
        await server.ConnectAsync();

        await server.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(1, writes.Count);
        Assert.False(_time.NextTimerDueIn < TimeSpan.FromSeconds(1), "Something still runs again and again.");
    }

    [Fact]
    public async Task Strict_AfterAWrite_DoesNotRest()
    {
        (ISessionStore store, SlowWrites writes) = SlowWrites.Create(_time);
        await using JstpTestServer server = await StartAsync(store, SessionDurability.Strict);
        await server.ConnectAsync();
        writes.Duration = TimeSpan.FromMilliseconds(10);
        await EmitAsync(server);
        int first = writes.Count;

        await EmitAsync(server);

        Assert.Equal(first + 1, writes.Count);
        writes.Duration = TimeSpan.Zero;
    }

    private static Task EmitAsync(JstpTestServer server)
    {
        server.Server.Clients.Single().Emit("mail", "arrived");

        return server.SettleAsync();
    }

    private async Task<JstpTestServer> StartAsync(ISessionStore store, SessionDurability durability)
    {
        var server = new JstpTestServer(
            configure: options =>
            {
                options.SessionStore = store;
                options.Durability = durability;
            },
            time: _time);
        await server.Server.StartAsync();

        return server;
    }

    private async Task AdvanceAsync(JstpTestServer server, int milliseconds)
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        await server.SettleAsync();
    }
}
