using System.Collections.Concurrent;
using Jstp.Client.Authentication;
using Jstp.Client.Connections;
using Jstp.Client.Reconnection;
using Jstp.Client.Remote;
using Jstp.Client.Sessions;
using Jstp.Client.Tests.Servers;
using Jstp.TestKit;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Tests.Connections;

/// <summary>What the client does with any server: the same list against the reference server and against ours.</summary>
public abstract class ClientContract(IServer server)
{
    private const string Application = "conformance";

    // At once, where the reference waits a second.
    private static readonly JstpBackoff Prompt = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1), TimeSpan.Zero);

    [Fact]
    public async Task Call_Arguments_GetResults()
    {
        await using JstpClientConnection connection = await ConnectAsync();
        JstpRemoteProxy echo = connection.GetProxy("echo");

        int sum = await connection.GetProxy("calculator").CallAsync<int>("add", 2, 3).WithinLimitAsync("the sum");
        IReadOnlyList<MdsfValue> many = await echo.CallAsync("many", 1, "two", new { three = 3 }).WithinLimitAsync("three results");
        IReadOnlyList<MdsfValue> none = await echo.CallAsync("nothing").WithinLimitAsync("no results");
        string? text = await echo.CallAsync<string>("asyncValue", "später").WithinLimitAsync("a text");

        Assert.Equal(5, sum);
        Assert.Equal([MdsfValue.FromDouble(1), MdsfValue.FromString("two"), MdsfValue.Parse("{three:3}")], many);
        Assert.Empty(none);
        Assert.Equal("später", text);
    }

    [Fact]
    public async Task Call_GeneratedShape_NeedsNoReflection()
    {
        await using JstpClientConnection connection = await ConnectAsync();

        double sum = await connection.CallAsync(
            "calculator",
            "add",
            (A: 2.5, B: 3d),
            static (ref writer, state) =>
            {
                writer.WriteNumber(state.A);
                writer.WriteNumber(state.B);
            },
            static (ref reader) =>
            {
                reader.Read();

                return reader.GetDouble();
            }).WithinLimitAsync("the sum");

        Assert.Equal(5.5, sum);
    }

    [Fact]
    public async Task Call_ManyAtOnce_EachGetsItsOwnAnswer()
    {
        await using JstpClientConnection connection = await ConnectAsync();
        JstpRemoteProxy echo = connection.GetProxy("echo");

        Task<int>[] calls = [.. Enumerable.Range(0, 1000).Select(i => echo.CallAsync<int>(i % 2 == 0 ? "value" : "asyncValue", i))];
        int[] answers = await Task.WhenAll(calls).WithinLimitAsync("a thousand answers");

        Assert.Equal(Enumerable.Range(0, 1000), answers);
    }

    [Theory]
    [InlineData("errors", "code", JstpErrorCode.InternalApiError, "Internal API error")]
    [InlineData("errors", "throws", 17, "Invalid signature")] // one argument too many
    [InlineData("nowhere", "code", JstpErrorCode.InterfaceNotFound, "Interface not found")]
    [InlineData("errors", "nothing", JstpErrorCode.MethodNotFound, "Method not found")]
    public async Task Call_Refused_ThrowsWithTheCode(string interfaceName, string method, int code, string message)
    {
        await using JstpClientConnection connection = await ConnectAsync();

        JstpException error = await Assert.ThrowsAsync<JstpException>(() => connection.GetProxy(interfaceName).CallAsync(method, 16).WithinLimitAsync("the error"));

        Assert.Equal(code, error.Code);
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public async Task Call_ErrorWithInfo_BringsAllOfIt()
    {
        await using JstpClientConnection connection = await ConnectAsync();

        JstpException error = await Assert.ThrowsAsync<JstpException>(
            () => connection.GetProxy("errors").CallAsync("info", 4711, "Shelf missing", "Z").WithinLimitAsync("the error"));

        Assert.Equal(4711, error.Code);
        Assert.Equal("Shelf missing", error.Message);
        Assert.Equal([MdsfValue.FromString("Z")], error.Info);
    }

    [Fact]
    public async Task Call_Cancelled_IsGivenUpAndTheConnectionGoesOn()
    {
        await using JstpClientConnection connection = await ConnectAsync();
        using var cancellation = new CancellationTokenSource();

        Task<IReadOnlyList<MdsfValue>> call = connection.CallAsync("time", "never", cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WithinLimitAsync("the cancellation"));
        Assert.Equal(42, await connection.GetProxy("calculator").CallAsync<int>("answer").WithinLimitAsync("the answer"));
    }

    [Fact]
    public async Task Call_TextOfTwoMebibytes_PassesBothWays()
    {
        await using JstpClientConnection connection = await ConnectAsync();
        string text = new('x', 2 * 1024 * 1024);

        string? echoed = await connection.GetProxy("echo").CallAsync<string>("value", text).WithinLimitAsync("the text");

        Assert.Equal(text, echoed);
    }

    [Theory]
    [InlineData("conformance", "2.0.0")]
    [InlineData("conformance@^1.0.0", "1.2.0")]
    [InlineData("conformance@1.0.0", "1.0.0")]
    public async Task Connect_Version_IsServedByIt(string application, string version)
    {
        await using JstpClientConnection connection = await ConnectAsync(application: application);

        Assert.Equal(version, await connection.GetProxy("version").CallAsync<string>("current").WithinLimitAsync("the version"));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("conformance@9.x")]
    public async Task Connect_UnknownApplication_Throws(string application)
    {
        JstpException error = await Assert.ThrowsAsync<JstpException>(() => ConnectAsync(application: application).WithinLimitAsync("the refusal"));

        Assert.Equal(JstpErrorCode.ApplicationNotFound, error.Code);
    }

    [Fact]
    public async Task Connect_Policies_MakeTheUserKnown()
    {
        Assert.Null(await UserNameAsync(JstpConnectPolicy.Anonymous));
        Assert.Equal("alice", await UserNameAsync(JstpConnectPolicy.Login("alice", "wonderland")));
        Assert.Equal("token-user", await UserNameAsync(JstpConnectPolicy.Custom("token", MdsfValue.Parse("['t0ken']"))));
        Assert.Equal("alice", await UserNameAsync(JstpConnectPolicy.From(static async (_, _) =>
        {
            await Task.Yield();

            return JstpCredentials.Login("alice", "wonderland");
        })));
    }

    [Fact]
    public async Task Connect_WrongCredentials_ThrowsTheServersError()
    {
        JstpException refused = await Assert.ThrowsAsync<JstpException>(() => UserNameAsync(JstpConnectPolicy.Login("alice", "?")));
        JstpException banned = await Assert.ThrowsAsync<JstpException>(() => UserNameAsync(JstpConnectPolicy.Custom("token", MdsfValue.Parse("['banned']"))));

        Assert.Equal(JstpErrorCode.AuthenticationFailed, refused.Code);
        Assert.Equal((1001, "Account is suspended"), (banned.Code, banned.Message));
    }

    [Fact]
    public async Task ConnectAndInspect_Interfaces_ListsTheirMethods()
    {
        JstpInspectedConnection inspected = await JstpClient.ConnectAndInspectAsync(Application, Options(), ["calculator", "echo"], server.Url).WithinLimitAsync("the inspection");
        await using JstpClientConnection connection = inspected.Connection;

        Assert.Equal(["answer", "add", "divide"], inspected.Api["calculator"].MethodNames);
        Assert.Equal(3, await inspected.Api["calculator"].CallAsync<double>("divide", 6, 2).WithinLimitAsync("the quotient"));
    }

    [Fact]
    public async Task ConnectAndInspect_UnknownInterface_ThrowsAndTheConnectionStays()
    {
        JstpInspectFailedException error = await Assert.ThrowsAsync<JstpInspectFailedException>(
            () => JstpClient.ConnectAndInspectAsync(Application, Options(), ["calculator", "nowhere"], server.Url).WithinLimitAsync("the failure"));
        await using JstpClientConnection connection = error.Connection;

        Assert.Equal("nowhere", error.InterfaceName);
        Assert.Equal(42, await connection.GetProxy("calculator").CallAsync<int>("answer").WithinLimitAsync("the answer"));
    }

    [Fact]
    public async Task Events_Burst_ArriveInOrderBeforeTheAnswer()
    {
        await using JstpClientConnection connection = await ConnectAsync();
        List<int> ticks = [];
        using IDisposable subscription = connection.GetProxy("events").On<int>("tick", ticks.Add);

        await connection.GetProxy("events").CallAsync("burst", 500).WithinLimitAsync("the burst");

        Assert.Equal(Enumerable.Range(0, 500), ticks);
    }

    [Fact]
    public async Task Events_SeveralArguments_AreConverted()
    {
        await using JstpClientConnection connection = await ConnectAsync();
        var received = new TaskCompletionSource<(int[], string, bool?)>();
        JstpRemoteProxy events = connection.GetProxy("events");
        using IDisposable subscription = events.On<int[], string, bool?>("moved", (a, b, c) => received.SetResult((a, b, c)));

        await events.CallAsync("emitBack", "moved", new object[] { new[] { 1, 2 }, "bolt" }).WithinLimitAsync("the call");
        (int[] numbers, string text, bool? missing) = await received.Task.WithinLimitAsync("the event");

        Assert.Equal([1, 2], numbers);
        Assert.Equal("bolt", text);
        Assert.Null(missing);
    }

    [Fact]
    public async Task Events_SubscriptionDisposed_HearsNoMore()
    {
        await using JstpClientConnection connection = await ConnectAsync();
        JstpRemoteProxy events = connection.GetProxy("events");
        int heard = 0;

        using (events.On("tick", () => heard++))
        {
            await events.CallAsync("burst", 1).WithinLimitAsync("the first burst");
        }

        await events.CallAsync("burst", 1).WithinLimitAsync("the second burst");

        Assert.Equal(1, heard);
    }

    [Fact]
    public async Task Emit_EventOfTheClient_ReachesTheServer()
    {
        await using JstpClientConnection connection = await ConnectAsync();
        JstpRemoteProxy events = connection.GetProxy("events");
        var pong = new TaskCompletionSource<string>();
        using IDisposable subscription = events.On<string>("pong", pong.SetResult);

        await events.EmitAsync("ping", "hello");

        Assert.Equal("hello", await pong.Task.WithinLimitAsync("the pong"));
    }

    [Fact]
    public async Task ReadEvents_Burst_AreReadInOrder()
    {
        await using JstpClientConnection connection = await ConnectAsync();
        JstpRemoteProxy events = connection.GetProxy("events");
        List<int> ticks = [];
        await using IAsyncEnumerator<int> reading = events.ReadEventsAsync<int>("tick").GetAsyncEnumerator();
        ValueTask<bool> next = reading.MoveNextAsync();

        await events.CallAsync("burst", 100).WithinLimitAsync("the burst");

        while (ticks.Count < 100 && await next.AsTask().WithinLimitAsync("a tick"))
        {
            ticks.Add(reading.Current);
            next = ticks.Count < 100 ? reading.MoveNextAsync() : default;
        }

        Assert.Equal(Enumerable.Range(0, 100), ticks);
    }

    [Fact]
    public async Task Ping_Connected_IsAnswered()
    {
        await using JstpClientConnection connection = await ConnectAsync();

        TimeSpan time = await connection.PingAsync().WithinLimitAsync("the pong");

        Assert.InRange(time, TimeSpan.Zero, Patience.Limit);
    }

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

    private static JstpClientOptions Options(Action<JstpClientOptions>? configure = null)
    {
        var options = new JstpClientOptions { Reconnector = Prompt };
        configure?.Invoke(options);

        return options;
    }

    private static Task<JstpReconnectedEventArgs> ReconnectedAsync(JstpClientConnection connection)
    {
        var reconnected = new TaskCompletionSource<JstpReconnectedEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Reconnected += (_, args) => reconnected.TrySetResult(args);

        return reconnected.Task;
    }

    private async Task<JstpClientConnection> ConnectAsync(Action<JstpClientOptions>? configure = null, string application = Application) =>
        await JstpClient.ConnectAsync(application, Options(configure), server.Url).WithinLimitAsync("the connection");

    private async Task<string?> UserNameAsync(IJstpConnectPolicy policy)
    {
        await using JstpClientConnection connection = await ConnectAsync(options => options.ConnectPolicy = policy);

        return await connection.GetProxy("session").CallAsync<string?>("username").WithinLimitAsync("the user name");
    }
}
