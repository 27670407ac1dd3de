using Jstp.Actors.Connections;
using Jstp.Actors.Applications;
using Jstp.TestKit.Server;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Tests.Connections;

/// <summary>Protocol page, sections 4, 6, 8 and 9: what the server does with what it receives, row by row.</summary>
public sealed class MessageTests
{
    private static readonly Action<JstpApplicationBuilder> App = static app => app.AddInterface("iface", static iface => iface
        .Method("add", static (int a, int b) => a + b)
        .Method("nothing", static () => { })
        .Method("close", static (JstpConnection client) =>
        {
            client.Emit("iface", "before");
            client.Close();
            client.Emit("iface", "after");
        })
        .Method("emit", static (JstpConnection client) =>
        {
            client.Emit("iface", "first");
            client.Emit("iface", "second");

            return "done";
        })
        .OnEvent("seen", static (JstpConnection client, MdsfValue value) => client.Emit("iface", "ack", value))
        .OnEvent("fails", static () => { throw new InvalidOperationException(); }));

    [Theory]
    [InlineData("{call:[1,'iface'],add:[1,2]}", "{callback:[1],ok:[3]}")]
    [InlineData("{call:[-1,'iface'],add:[1,2]}", "{callback:[-1],ok:[3]}")]
    [InlineData("{call:[9007199254740991,'iface'],add:[1,2]}", "{callback:[9007199254740991],ok:[3]}")]
    [InlineData("{call:[1,'iface'],nothing:[]}", "{callback:[1],ok:[]}")]
    [InlineData("{call:[1,'iface'],add:[1,2],more:7}", "{callback:[1],ok:[3]}")]
    [InlineData("{call:[1,'iface']}", "{callback:[1],error:[17]}")] // rule 9, before any lookup
    [InlineData("{call:[1,'nope']}", "{callback:[1],error:[17]}")]
    [InlineData("{call:[1,'iface'],add:'ab'}", "{callback:[1],error:[17]}")] // D14
    [InlineData("{call:[1,'iface'],add:{length:2}}", "{callback:[1],error:[17]}")] // D7
    [InlineData("{call:[1,'iface'],add:0}", "{callback:[1],error:[17]}")]
    [InlineData("{call:[1,'nope'],add:[1,2]}", "{callback:[1],error:[12]}")]
    [InlineData("{call:[1,7],add:[1,2]}", "{callback:[1],error:[12]}")] // rule 12
    [InlineData("{call:[1],add:[1,2]}", "{callback:[1],error:[12]}")]
    [InlineData("{call:[1,'iface'],nope:[1,2]}", "{callback:[1],error:[14]}")]
    [InlineData("{call:[1,'iface'],add:[1]}", "{callback:[1],error:[17]}")]
    [InlineData("{call:[1,'iface'],add:[1,2,3]}", "{callback:[1],error:[17]}")]
    [InlineData("{call:[1,'iface'],add:[1,2,]}", "{callback:[1],ok:[3]}")]
    [InlineData("{call:[1,'constructor'],setPrototypeOf:[]}", "{callback:[1],error:[12]}")] // D10
    [InlineData("{call:[1,'iface'],toString:[]}", "{callback:[1],error:[14]}")]
    [InlineData("{call:[1,'iface'],seen:[1]}", "{callback:[1],error:[14]}")]
    [InlineData("{inspect:[1,'iface']}", "{callback:[1],ok:['add','nothing','close','emit']}")]
    [InlineData("{inspect:[1,'nope']}", "{callback:[1],error:[12]}")]
    [InlineData("{inspect:[1,'__proto__']}", "{callback:[1],error:[12]}")]
    [InlineData("{inspect:[1,7]}", "{callback:[1],error:[12]}")]
    [InlineData("{inspect:[1]}", "{callback:[1],error:[12]}")]
    [InlineData("{ping:[1]}", "{pong:[1]}")]
    [InlineData("{event:[1,'iface'],seen:[5]}", "{event:[-1,'iface'],ack:[5]}")]
    [InlineData("{event:[1,'iface'],seen:[5,6]}", "{event:[-1,'iface'],ack:[5]}")]
    [InlineData("{event:[1,'iface'],seen:[]}", "{event:[-1,'iface'],ack:[undefined]}")]
    public async Task Message_ThatIsAnswered_IsCountedAndAnswered(string text, string answer)
    {
        await using var server = new JstpTestServer(App);
        JstpPeer peer = await server.ConnectAsync();

        peer.Send(text);

        await peer.ExpectAsync(answer);
        await peer.ExpectNothingAsync();
    }

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("{state:[4,'x'],a:[]}", 0)] // rule 7: unknown kinds are not counted
    [InlineData("{count:[],call:[1,'stock']}", 0)]
    [InlineData("{event:[4,'iface']}", 4)] // rule 10
    [InlineData("{event:[4,'iface'],seen:1}", 4)]
    [InlineData("{event:[4,'iface'],nope:[]}", 4)]
    [InlineData("{event:[4,'nope'],seen:[]}", 4)]
    [InlineData("{event:[4,'constructor'],x:[]}", 4)]
    [InlineData("{event:[4,'iface'],hasOwnProperty:[]}", 4)]
    [InlineData("{event:[4,7],seen:[]}", 4)]
    [InlineData("{callback:[4],ok:[]}", 0)] // rule 11
    [InlineData("{callback:[-4],ok:[]}", 0)]
    [InlineData("{callback:[-4]}", 0)]
    [InlineData("{callback:[3000000000],ok:[]}", 0)] // D8
    [InlineData("{pong:[-4]}", 0)]
    [InlineData("{pong:[4]}", 0)]
    public async Task Message_ThatIsNotAnswered_LeavesTheConnectionOpen(string text, long expectedCount)
    {
        await using var server = new JstpTestServer(App);
        JstpPeer peer = await server.ConnectAsync();

        peer.Send(text);

        await peer.ExpectNothingAsync();
        peer.Lose();
        await server.RestoreAsync(peer.SessionId, 0, expectedCount);
    }

    [Theory]
    [InlineData("{", 1007)]
    [InlineData("{call:[1,'iface'],add:[1,}", 1007)]
    [InlineData("", 1007)]
    [InlineData("null", 1002)]
    [InlineData("undefined", 1002)]
    [InlineData("1", 1002)]
    [InlineData("true", 1002)]
    [InlineData("[]", 1002)]
    [InlineData("['a']", 1002)]
    [InlineData("'text'", 1002)]
    [InlineData("{handshake:[0,'app']}", 1002)]
    [InlineData("{handshake:[0],ok:'x'}", 1002)]
    [InlineData("{call:null}", 1002)]
    [InlineData("{call:1}", 1002)]
    [InlineData("{inspect:null}", 1002)]
    [InlineData("{ping:null}", 1002)]
    [InlineData("{pong:'x'}", 1002)]
    [InlineData("{event:{}}", 1002)]
    [InlineData("{callback:null}", 1002)]
    [InlineData("{call:['x','iface'],add:[1,2]}", 1002)] // D9
    [InlineData("{call:[1.5,'iface'],add:[1,2]}", 1002)]
    [InlineData("{call:[1e16,'iface'],add:[1,2]}", 1002)]
    [InlineData("{ping:[]}", 1002)]
    [InlineData("{ping:[NaN]}", 1002)]
    public async Task Message_ThatIsAFault_ClosesWithoutAWordAndKeepsTheSession(string text, int code)
    {
        await using var server = new JstpTestServer(App);
        JstpPeer peer = await server.ConnectAsync();

        peer.Send("{event:[3,'iface'],nope:[]}", text, "{ping:[4]}");

        await peer.ExpectCloseAsync(code);
        await server.RestoreAsync(peer.SessionId, 0, 3);
    }

    [Fact]
    public async Task Message_LargerThanAllowed_ClosesWith1009AndKeepsTheSession()
    {
        await using var server = new JstpTestServer(App, static options => options.MaxMessageSize = 4096);
        JstpPeer peer = await server.ConnectAsync();

        peer.Send($"{{event:[1,'iface'],x:['{new string('x', 5000)}']}}");

        await peer.ExpectCloseAsync(1009);
        await server.RestoreAsync(peer.SessionId, 0, 0);
    }

    [Fact]
    public async Task Message_BadUtf8_ClosesWith1007()
    {
        await using var server = new JstpTestServer(App);
        JstpPeer peer = await server.ConnectAsync();

        peer.SendBinary([(byte)'{', 0xFF, (byte)'}']);

        await peer.ExpectCloseAsync(1007);
    }

    [Fact]
    public async Task Method_Emits_EventsStandBeforeItsAnswer()
    {
        await using var server = new JstpTestServer(App);
        JstpPeer peer = await server.ConnectAsync();

        peer.Send("{call:[1,'iface'],emit:[]}", "{call:[2,'iface'],add:[1,2]}");

        await peer.ExpectAsync(
            "{event:[-1,'iface'],first:[]}", "{event:[-2,'iface'],second:[]}", "{callback:[1],ok:['done']}", "{callback:[2],ok:[3]}");
    }

    [Fact]
    public async Task Method_ClosesItsConnection_LaterEventsWaitForTheRestore()
    {
        await using var server = new JstpTestServer(App);
        JstpPeer peer = await server.ConnectAsync();

        peer.Send("{call:[1,'iface'],close:[]}", "{call:[2,'iface'],add:[1,2]}");

        await peer.ExpectAsync("{event:[-1,'iface'],before:[]}");
        await peer.ExpectCloseAsync(1000);
        JstpPeer next = await server.RestoreAsync(peer.SessionId, 1, 1);
        await next.ExpectAsync("{event:[-2,'iface'],after:[]}");
    }

    [Fact]
    public async Task EventHandler_Throws_IsLoggedAndHarmsNothing()
    {
        await using var server = new JstpTestServer(App);
        server.Logs.Allow(2006);
        JstpPeer peer = await server.ConnectAsync();

        peer.Send("{event:[1,'iface'],fails:[]}", "{ping:[2]}");

        await peer.ExpectAsync("{pong:[2]}");
        Assert.Single(server.Logs.WithId(2006));
    }

    [Fact]
    public async Task Calls_AtTheLimit_StopReadingUntilOneEnds()
    {
        var gates = Enumerable.Range(0, 5).Select(static _ => new TaskCompletionSource<string>()).ToArray();
        int started = 0;
        await using var server = new JstpTestServer(
            app => app.AddInterface("slow", slow => slow.Method("wait", (int gate) =>
            {
                started++;

                return gates[gate].Task;
            })),
            static options => options.MaxRunningCalls = 2);
        JstpPeer peer = await server.ConnectAsync();

        peer.Send(Enumerable.Range(1, 4).Select(static id => $"{{call:[{id},'slow'],wait:[{id}]}}"));
        peer.Send("{ping:[5]}");
        await peer.ExpectNothingAsync();
        Assert.Equal(2, started);
        gates[2].SetResult("second");

        await peer.ExpectAsync("{callback:[2],ok:['second']}");
        await peer.ExpectNothingAsync();
        Assert.Equal(3, started);
        gates[3].SetResult("third");
        gates[1].SetResult("first");
        await peer.ExpectAsync("{callback:[3],ok:['third']}", "{callback:[1],ok:['first']}");
        await peer.ExpectAsync("{pong:[5]}");
        gates[4].SetResult("fourth");
        await peer.ExpectAsync("{callback:[4],ok:['fourth']}");
    }

    [Fact]
    public async Task EventHandlers_AtTheLimit_StopReadingUntilOneEnds()
    {
        var gate = new TaskCompletionSource();
        int started = 0;
        await using var server = new JstpTestServer(
            app => app.AddInterface("slow", slow => slow.OnEvent("wait", () =>
            {
                started++;

                return gate.Task;
            })),
            static options => options.MaxRunningCalls = 2);
        JstpPeer peer = await server.ConnectAsync();

        peer.Send(Enumerable.Range(1, 4).Select(static id => $"{{event:[{id},'slow'],wait:[]}}").Append("{ping:[5]}"));
        await peer.ExpectNothingAsync();
        Assert.Equal(2, started);
        gate.SetResult();

        await peer.ExpectAsync("{pong:[5]}");
        Assert.Equal(4, started);
        await peer.ExpectNothingAsync();
    }

    [Fact]
    public async Task Answers_AreSentInTheOrderOfCompletion()
    {
        var gates = Enumerable.Range(0, 3).Select(static _ => new TaskCompletionSource<int>()).ToArray();
        await using var server = new JstpTestServer(app => app.AddInterface("slow", slow => slow.Method("wait", (int gate) => gates[gate].Task)));
        JstpPeer peer = await server.ConnectAsync();
        peer.Send("{call:[1,'slow'],wait:[0]}", "{call:[2,'slow'],wait:[1]}", "{call:[3,'slow'],wait:[2]}");
        await server.SettleAsync();

        foreach (int i in (int[])[2, 0, 1])
        {
            gates[i].SetResult(i);
        }

        await peer.ExpectAsync("{callback:[3],ok:[2]}", "{callback:[1],ok:[0]}", "{callback:[2],ok:[1]}");
    }

    [Fact]
    public async Task Answer_LargerThanAMessage_Is16()
    {
        await using var server = new JstpTestServer(
            static app => app.AddInterface("big", static big => big
                .Method("result", static () => new string('x', 5000))
                .Method("later", static async () =>
                {
                    await Task.Yield();

                    return new string('x', 5000);
                })
                .Method("error", static () => { throw new JstpException(4000, new string('x', 5000)); })),
            static options => options.MaxMessageSize = 4096);
        server.Logs.Allow(2006);
        JstpPeer peer = await server.ConnectAsync();

        peer.Send("{call:[1,'big'],result:[]}");
        await peer.ExpectAsync("{callback:[1],error:[16]}");
        peer.Send("{call:[2,'big'],later:[]}");
        await peer.ExpectAsync("{callback:[2],error:[16]}");
        peer.Send("{call:[3,'big'],error:[]}");

        await peer.ExpectAsync("{callback:[3],error:[16]}");
        Assert.Equal(3, server.Logs.WithId(2006).Count);
    }

    [Fact]
    public async Task Arguments_DeeperThanTheDefault_ReachTheMethodWhereTheyAreAllowed()
    {
        await using var server = new JstpTestServer(
            static app => app.AddInterface("deep", static deep => deep.Method("take", static (MdsfValue value) => value.Kind.ToString())),
            static options => options.MaxDepth = 1000);
        JstpPeer peer = await server.ConnectAsync();

        peer.Send($"{{call:[1,'deep'],take:[{new string('[', 900)}{new string(']', 900)}]}}");

        await peer.ExpectAsync("{callback:[1],ok:['Array']}");
    }
}
