using Jstp.Client.Authentication;
using Jstp.Client.Connections;
using Jstp.Client.Reconnection;
using Jstp.Client.Remote;
using Jstp.Client.Tests.Servers;
using Jstp.TestKit;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Tests.Connections;

/// <summary>What the client does with any server: the same list against the reference server and against ours.</summary>
public abstract partial class ClientContract(IServer server)
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
