using Jstp.Client.Reconnection;
using Jstp.Client.Tests.Servers;
using Jstp.TestKit;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Tests.Connections;

/// <summary>What happens by the clock, which these tests move.</summary>
public sealed class ClockTests
{
    [Fact]
    public async Task Heartbeat_Interval_PingsEachTime()
    {
        await using Session session = await Session.OpenAsync(configure: static options => options.HeartbeatInterval = TimeSpan.FromSeconds(5));
        await session.Time.WaitForTimerAsync(TimeSpan.FromSeconds(5));

        session.Time.Advance(TimeSpan.FromSeconds(5));
        await session.Peer.ExpectAsync("{ping:[1]}");
        session.Time.Advance(TimeSpan.FromSeconds(5));
        await session.Peer.ExpectAsync("{ping:[2]}");
    }

    [Fact]
    public async Task KeepAlive_SilentServer_IsPingedAndThenGivenUp()
    {
        await using Session session = await Session.OpenAsync(configure: static options =>
        {
            options.KeepAliveInterval = TimeSpan.FromSeconds(20);
            options.KeepAliveGracePeriod = TimeSpan.FromSeconds(10);
        });
        var lost = new TaskCompletionSource<Exception?>();
        session.Connection.Disconnected += (_, args) => lost.SetResult(args.Error);
        await session.Time.WaitForTimerAsync(TimeSpan.FromSeconds(20));

        session.Time.Advance(TimeSpan.FromSeconds(20));
        await session.Peer.ExpectAsync("{ping:[1]}");
        Assert.False(lost.Task.IsCompleted);
        session.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.IsType<TimeoutException>(await lost.Task.WithinLimitAsync("the loss"));
    }

    [Fact]
    public async Task Reconnect_Backoff_WaitsAsTheReferenceDoes()
    {
        var backoff = new JstpBackoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(32), TimeSpan.FromSeconds(1), random: static () => 0.5);
        await using Session session = await Session.OpenAsync(configure: options => options.Reconnector = backoff);
        List<TimeSpan> delays = [];
        session.Connection.Reconnecting += (_, args) => delays.Add(args.Delay);
        session.Peer.Dispose();

        foreach (double seconds in (double[])[1.5, 2.5, 4.5, 8.5, 16.5, 32.5, 32.5])
        {
            await session.Time.WaitForTimerAsync(TimeSpan.FromSeconds(seconds));
            session.Time.Advance(TimeSpan.FromSeconds(seconds));
            using ScriptedPeer refused = await session.Server.AcceptAsync();
        }

        await session.Time.WaitForTimerAsync(TimeSpan.FromSeconds(32.5));
        session.Time.Advance(TimeSpan.FromSeconds(32.5));
        await session.RestoreAsync(0, 0);
        await session.Connection.PingThroughAsync(session.Peer, 1);
        session.Peer.Dispose();
        await session.Time.WaitForTimerAsync(TimeSpan.FromSeconds(1.5)); // from the beginning after a success

        Assert.Equal([1.5, 2.5, 4.5, 8.5, 16.5, 32.5, 32.5, 32.5, 1.5], delays.Select(static delay => delay.TotalSeconds));
    }

    [Fact]
    public async Task Restore_Refused_ClosesByDefault()
    {
        await using Session session = await Session.OpenAsync();
        Task<IReadOnlyList<MdsfValue>> call = session.Connection.CallAsync("desk", "sign");
        await session.Peer.ExpectAsync("{call:[1,'desk'],sign:[]}");
        session.Logs.Allow(4007);

        await RefuseAsync(session);
        await session.Connection.Completion.WithinLimitAsync("the end");

        Assert.Equal(JstpErrorCode.CallbackLost, (await Assert.ThrowsAsync<JstpException>(() => call)).Code);
    }

    [Fact]
    public async Task Restore_Refused_IsReplacedWhereAskedFor()
    {
        await using Session session = await Session.OpenAsync(configure: static options => options.OnRefusedSession = RefusedSessionAction.Replace);
        var reconnected = new TaskCompletionSource<bool>();
        session.Connection.Reconnected += (_, args) => reconnected.SetResult(args.IsNewSession);
        Task<IReadOnlyList<MdsfValue>> call = session.Connection.CallAsync("desk", "sign");
        await session.Peer.ExpectAsync("{call:[1,'desk'],sign:[]}");

        await RefuseAsync(session);
        Task again = JstpClient.ReconnectAsync(session.Connection);
        session.Peer = await session.Server.AcceptAsync();
        await session.Peer.ExpectAsync("{handshake:[0,'app']}");
        await session.Peer.SendAsync("{handshake:[0],ok:'S2'}");
        await again.WithinLimitAsync("the new session");

        Assert.True(await reconnected.Task.WithinLimitAsync("the event"));
        Assert.Equal("S2", session.Connection.SessionId);
        Assert.Equal(JstpErrorCode.CallbackLost, (await Assert.ThrowsAsync<JstpException>(() => call)).Code);
        _ = session.Connection.CallAsync("desk", "sign");
        await session.Peer.ExpectAsync("{call:[1,'desk'],sign:[]}");
    }

    [Fact]
    public async Task Buffer_ManyEvents_DrawAnAcknowledgementAndAreReleased()
    {
        await using Session session = await Session.OpenAsync(configure: static options =>
        {
            options.AcknowledgePingMessages = 2;
            options.MaxUnacknowledgedMessages = 5;
        });

        for (int number = 1; number <= 4; number++)
        {
            session.Connection.Emit("floor", "seen", number);
        }

        await session.Peer.ExpectAsync("{event:[1,'floor'],seen:[1]}", "{event:[2,'floor'],seen:[2]}", "{event:[3,'floor'],seen:[3]}", "{ping:[4]}", "{event:[5,'floor'],seen:[4]}");
        Assert.Throws<JstpBufferFullException>(() => session.Connection.Emit("floor", "seen", 5));
        Task waiting = session.Connection.EmitAsync("floor", "seen", [5]).AsTask();
        Assert.False(waiting.IsCompleted);
        await session.Peer.SendAsync("{pong:[4]}");
        await waiting.WithinLimitAsync("room");

        await session.Peer.ExpectAsync("{event:[6,'floor'],seen:[5]}");
    }

    [Fact]
    public async Task Restore_CountBetween_LosesWhatArrivedAndResendsTheRest()
    {
        await using Session session = await Session.OpenAsync();
        Task<IReadOnlyList<MdsfValue>> first = session.Connection.CallAsync("desk", "sign", [1]);
        Task<IReadOnlyList<MdsfValue>> second = session.Connection.CallAsync("desk", "sign", [2]);
        await session.Peer.ExpectAsync("{call:[1,'desk'],sign:[1]}", "{call:[2,'desk'],sign:[2]}");
        session.Peer.Dispose();
        await session.Reconnector.Asked.WithinLimitAsync("the loss");

        Task reconnecting = JstpClient.ReconnectAsync(session.Connection);
        await session.RestoreAsync(0, 1);
        await session.Peer.ExpectAsync("{call:[2,'desk'],sign:[2]}");
        await session.Peer.SendAsync("{callback:[2],ok:['done']}");
        await reconnecting.WithinLimitAsync("the restore");

        Assert.Equal(JstpErrorCode.CallbackLost, (await Assert.ThrowsAsync<JstpException>(() => first)).Code);
        Assert.Equal([MdsfValue.FromString("done")], await second.WithinLimitAsync("the answer"));
    }

    private static async Task RefuseAsync(Session session)
    {
        session.Peer.Dispose();
        await session.Reconnector.Asked.WithinLimitAsync("the loss");
        Task attempt = JstpClient.ReconnectAsync(session.Connection);
        using ScriptedPeer refusing = await session.Server.AcceptAsync();
        await refusing.ExpectAsync("{handshake:[0,'app'],session:['S1',0]}");
        await refusing.SendAsync("{handshake:[0],error:[11]}");
        refusing.Dispose();
        Assert.Equal(JstpErrorCode.AuthenticationFailed, (await Assert.ThrowsAsync<JstpException>(() => attempt.WithinLimitAsync("the refusal"))).Code);
    }
}
