using System.Collections.Concurrent;
using Jstp.Client.Authentication;
using Jstp.Client.Connections;
using Jstp.Client.Remote;
using Jstp.Client.Sessions;
using Jstp.TestKit;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Tests.Connections;

// Sessions that outlive their connections, and their end.
public abstract partial class ClientContract
{
    [Fact]
    public async Task Drop_CallOnTheWay_IsLostAndTheSessionGoesOn()
    {
        await using JstpClientConnection connection = await ConnectAsync();
        JstpRemoteProxy session = connection.GetProxy("session");
        string id = connection.SessionId;
        Task<JstpReconnectedEventArgs> reconnected = ReconnectedAsync(connection);
        await session.CallAsync("count").WithinLimitAsync("the first count");

        JstpException error = await Assert.ThrowsAsync<JstpException>(() => session.CallAsync("drop").WithinLimitAsync("the lost call"));
        JstpReconnectedEventArgs outcome = await reconnected.WithinLimitAsync("the reconnection");

        Assert.Equal(JstpErrorCode.CallbackLost, error.Code);
        Assert.Equal((false, 1), (outcome.IsNewSession, outcome.LostCallCount));
        Assert.Equal(id, connection.SessionId);
        Assert.Equal(2, await session.CallAsync<int>("count").WithinLimitAsync("the second count"));
    }

    [Fact]
    public async Task Drop_EventsMeanwhile_ArriveOnceAndInOrder()
    {
        await using JstpClientConnection connection = await ConnectAsync();
        List<int> ticks = [];
        var all = new TaskCompletionSource();
        using IDisposable subscription = connection.GetProxy("events").On<int>("tick", tick =>
        {
            ticks.Add(tick);

            if (ticks.Count == 200)
            {
                all.SetResult();
            }
        });

        await connection.GetProxy("events").CallAsync("burstLater", 200, 20).WithinLimitAsync("the announcement");
        Task dropped = Assert.ThrowsAsync<JstpException>(() => connection.GetProxy("session").CallAsync("drop"));
        await all.Task.WithinLimitAsync("all events");
        await dropped;

        Assert.Equal(Enumerable.Range(0, 200), ticks);
    }

    [Fact]
    public async Task Disconnected_CallsAndEvents_GoOutInOrderOnReturn()
    {
        var reconnector = new HeldReconnector();
        await using JstpClientConnection connection = await ConnectAsync(options => options.Reconnector = reconnector);
        ConcurrentQueue<int> pongs = new();
        using IDisposable subscription = connection.GetProxy("events").On<int>("pong", pongs.Enqueue);
        Task lost = Assert.ThrowsAsync<JstpException>(() => connection.GetProxy("session").CallAsync("drop"));
        await reconnector.Asked.WithinLimitAsync("the loss");

        Task<int> first = connection.GetProxy("session").CallAsync<int>("count");
        await connection.GetProxy("events").EmitAsync("ping", 1);
        await connection.GetProxy("events").EmitAsync("ping", 2);
        Task<int> second = connection.GetProxy("session").CallAsync<int>("count");
        Assert.Equal(JstpConnectionState.Reconnecting, connection.State);
        await JstpClient.ReconnectAsync(connection).WithinLimitAsync("the reconnection");

        Assert.Equal(1, await first.WithinLimitAsync("the first answer"));
        Assert.Equal(2, await second.WithinLimitAsync("the second answer"));
        Assert.Equal([1, 2], pongs);
        await lost;
    }

    [Fact]
    public async Task CallWithResend_AnswerLost_IsCalledAgainWithItsArguments()
    {
        await using JstpClientConnection connection = await ConnectAsync();
        Task<int> call = connection.GetProxy("time").CallWithResendAsync<int>("delay", [100]);

        Task dropped = Assert.ThrowsAsync<JstpException>(() => connection.GetProxy("session").CallAsync("drop"));

        Assert.Equal(100, await call.WithinLimitAsync("the answer"));
        await dropped;
    }

    [Fact]
    public async Task Reconnect_WhileConnected_MovesTheSession()
    {
        await using JstpClientConnection connection = await ConnectAsync();
        Task<JstpReconnectedEventArgs> reconnected = ReconnectedAsync(connection);
        await connection.GetProxy("session").CallAsync("count").WithinLimitAsync("the first count");

        await JstpClient.ReconnectAsync(connection).WithinLimitAsync("the reconnection");

        Assert.False((await reconnected.WithinLimitAsync("the event")).IsNewSession);
        Assert.Equal(2, await connection.GetProxy("session").CallAsync<int>("count").WithinLimitAsync("the second count"));
    }

    [Fact]
    public async Task Detach_ResumedByAnotherRun_GoesOn()
    {
        await using JstpClientConnection connection = await ConnectAsync(options => options.ConnectPolicy = JstpConnectPolicy.Login("alice", "wonderland"));
        await connection.GetProxy("session").CallAsync("count").WithinLimitAsync("the first count");

        string stored = (await connection.DetachAsync().WithinLimitAsync("the end")).ToString();
        await using JstpClientConnection resumed = await JstpClient
            .ReconnectAsync(JstpSessionState.Parse(stored), Application, Options(), server.Url)
            .WithinLimitAsync("the resumption");

        Assert.Equal(2, await resumed.GetProxy("session").CallAsync<int>("count").WithinLimitAsync("the second count"));
        Assert.Equal("alice", await resumed.GetProxy("session").CallAsync<string>("username").WithinLimitAsync("the name"));
    }

    [Fact]
    public async Task Resume_UnknownSession_Throws()
    {
        await using JstpClientConnection connection = await ConnectAsync();
        string stored = connection.ExportSession().ToString().Replace(connection.SessionId, "nobody", StringComparison.Ordinal);

        JstpException error = await Assert.ThrowsAsync<JstpException>(
            () => JstpClient.ReconnectAsync(JstpSessionState.Parse(stored), Application, Options(), server.Url).WithinLimitAsync("the refusal"));

        Assert.Equal(JstpErrorCode.AuthenticationFailed, error.Code);
    }

    [Fact]
    public async Task Close_CallsOnTheWay_AreLostAndNothingIsSentAnyMore()
    {
        JstpClientConnection connection = await ConnectAsync();
        var closed = new TaskCompletionSource<Exception?>();
        connection.Closed += (_, args) => closed.SetResult(args.Error);
        Task<IReadOnlyList<MdsfValue>> call = connection.GetProxy("time").CallAsync("never");

        await connection.CloseAsync().WithinLimitAsync("the end");

        Assert.Equal(JstpErrorCode.CallbackLost, (await Assert.ThrowsAsync<JstpException>(() => call)).Code);
        await Assert.ThrowsAsync<JstpConnectionClosedException>(() => connection.GetProxy("echo").CallAsync("nothing"));
        Assert.Throws<JstpConnectionClosedException>(() => connection.Emit("events", "ping", 1));
        Assert.Null(await closed.Task.WithinLimitAsync("the event"));
        Assert.Equal(JstpConnectionState.Closed, connection.State);
    }
}
