using System.Net;
using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Jstp.Client.Connections;
using Jstp.Client.Reconnection;
using Jstp.Client.Remote;
using Jstp.TestKit;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Tests.Chaos;

/// <summary>Calls and events both ways through a network that loses connections all the time, from the client to our server.</summary>
public sealed class ChaosTests
{
    private const int Rounds = 2000;
    private const int Outstanding = 24;

    [Theory]
    [InlineData("ws", 1)]
    [InlineData("ws", 2)]
    [InlineData("tcp", 3)]
    [InlineData("tcp", 4)]
    public async Task Chaos_ThousandsOfMessages_EachCallEndsOnceAndEachEventArrivesOnceInOrder(string scheme, int seed)
    {
        List<int> seenByServer = [];
        int[] executions = new int[Rounds];
        await using JstpListener server = CreateServer(scheme, seenByServer, executions);
        IPEndPoint endPoint = await server.ListenAsync(port: 0, IPAddress.Loopback);
        await using var proxy = new ChaosProxy(endPoint, seed);
        var options = new JstpClientOptions { Reconnector = new JstpBackoff(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1), TimeSpan.Zero) };
        await using JstpClientConnection connection = await ConnectAsync(options, new Uri($"{scheme}://{proxy.EndPoint}"));
        JstpRemoteProxy chaos = connection.GetProxy("chaos");
        List<int> seenByClient = [];
        using IDisposable subscription = chaos.On<int>("echoed", seenByClient.Add);

        int[] completions = new int[Rounds];
        int lost = await CallAllAsync(chaos, completions);
        proxy.BecomeGentle();
        await Patience.UntilAsync(() => seenByClient.Count >= Rounds, "the last event");
        await connection.PingUntilAnsweredAsync();

        Assert.All(completions, static count => Assert.Equal(1, count));
        Assert.All(executions, static count => Assert.InRange(count, 0, 1));
        Assert.True(executions.Sum() >= Rounds - lost, "Only a call that is lost may not have been executed.");
        Assert.Equal(Enumerable.Range(0, Rounds), seenByServer);
        Assert.Equal(Enumerable.Range(0, Rounds), seenByClient);
        Assert.InRange(proxy.CutCount, 10, int.MaxValue);
    }

    private static JstpListener CreateServer(string scheme, List<int> seen, int[] executions)
    {
        var options = new JstpServerOptions();
        options.AddApplication("app", "1.0.0", application => application.AddInterface("chaos", chaos => chaos
            .Method("run", (int number) =>
            {
                Interlocked.Increment(ref executions[number]);

                return number;
            })
            .Method("runLater", async (int number) =>
            {
                Interlocked.Increment(ref executions[number]);
                await Task.Yield();

                return number;
            })
            .OnEvent("echo", (JstpConnection client, int number) =>
            {
                seen.Add(number);
                client.Emit("chaos", "echoed", number);
            })));

        return scheme == "ws" ? Ws.CreateServer(options) : Net.CreateServer(options);
    }

    private static async Task<JstpClientConnection> ConnectAsync(JstpClientOptions options, Uri url)
    {
        // The very first attempt may be cut off as well, and a first attempt is not repeated.
        while (true)
        {
            try
            {
                return await JstpClient.ConnectAsync("app", options, url).WithinLimitAsync("a first connection");
            }
            catch (Exception exception) when (exception is not TestKitException)
            {
                // Cut off.
            }
        }
    }

    /// <summary>Makes all calls, an event with each, so many at once.</summary>
    /// <returns>How many answers were lost.</returns>
    private static async Task<int> CallAllAsync(JstpRemoteProxy chaos, int[] completions)
    {
        using var free = new SemaphoreSlim(Outstanding);
        List<Task<bool>> calls = [];

        for (int number = 0; number < completions.Length; number++)
        {
            Assert.True(await free.WaitAsync(Patience.Limit), "A call did not end.");
            await chaos.EmitAsync("echo", number);
            calls.Add(CallAsync(number));
        }

        bool[] outcomes = await Task.WhenAll(calls).WithinLimitAsync("the last answers");

        return outcomes.Count(static isAnswered => !isAnswered);

        async Task<bool> CallAsync(int number)
        {
            try
            {
                Assert.Equal(number, await chaos.CallAsync<int>(number % 3 == 0 ? "runLater" : "run", number));

                return true;
            }
            catch (JstpException exception) when (exception.Code == JstpErrorCode.CallbackLost)
            {
                return false;
            }
            finally
            {
                Interlocked.Increment(ref completions[number]);
                free.Release();
            }
        }
    }
}
