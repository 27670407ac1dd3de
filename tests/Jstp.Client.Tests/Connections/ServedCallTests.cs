using Jstp.Client.Applications;
using Jstp.Client.Connections;
using Jstp.Client.Tests.Servers;
using Jstp.TestKit;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Tests.Connections;

/// <summary>What the server asks of the client, text by text.</summary>
public sealed class ServedCallTests
{
    [Fact]
    public async Task Call_Method_IsAnswered()
    {
        var application = new JstpClientApplication();
        application.Interface("desk")
            .Method("sign", (string form) => "signed " + form)
            .MethodAsync("add", async (int a, int b, CancellationToken _) =>
            {
                await Task.Yield();

                return a + b;
            })
            .Method("fail", int () => throw new JstpException(5001, "Shelf jammed"));

        await using Session session = await Session.OpenAsync(application);

        await session.Peer.SendAsync("{call:[-1,'desk'],sign:['F1']}");
        await session.Peer.ExpectAsync("{callback:[-1],ok:['signed F1']}");
        await session.Peer.SendAsync("{call:[-2,'desk'],add:[2,3]}");
        await session.Peer.ExpectAsync("{callback:[-2],ok:[5]}");
        await session.Peer.SendAsync("{call:[-3,'desk'],fail:[]}");
        await session.Peer.ExpectAsync("{callback:[-3],error:[5001,'Shelf jammed']}");
    }

    [Fact]
    public async Task Trace_Messages_AreShownBothWays()
    {
        var application = new JstpClientApplication();
        application.Interface("desk").Method("sign", (string form) => form);
        await using Session session = await Session.OpenAsync(application);

        await session.Peer.SendAsync("{call:[-1,'desk'],sign:['F1']}");
        await session.Peer.ExpectAsync("{callback:[-1],ok:['F1']}");

        Assert.Equal(["Received {call:[-1,'desk'],sign:['F1']}"], session.Logs.WithId(4016).Select(static entry => entry.Message));
        Assert.Equal(["Sent {callback:[-1],ok:['F1']}"], session.Logs.WithId(4017).Select(static entry => entry.Message));
    }

    [Fact]
    public async Task Call_ThatCannotBe_IsRefusedInTheOrderOfThePage()
    {
        var application = new JstpClientApplication();
        application.Interface("desk").Method("sign", (int form) => form);
        await using Session session = await Session.OpenAsync(application);

        await session.Peer.SendAsync(
            "{call:[-1,'nowhere']}",
            "{call:[-2,'nowhere'],sign:[1]}",
            "{call:[-3,'desk'],stamp:[1]}",
            "{call:[-4,'desk'],sign:[]}",
            "{call:[-5,'desk'],sign:['a']}",
            "{inspect:[-6,'desk']}",
            "{inspect:[-7,'nowhere']}",
            "{ping:[-8]}",
            "{}");

        await session.Peer.ExpectAsync(
            "{callback:[-1],error:[17]}",
            "{callback:[-2],error:[12]}",
            "{callback:[-3],error:[14]}",
            "{callback:[-4],error:[17]}",
            "{callback:[-5],error:[17]}",
            "{callback:[-6],ok:['sign']}",
            "{callback:[-7],error:[12]}",
            "{pong:[-8]}");
    }

    [Fact]
    public async Task Call_MethodThatThrows_IsAnswered16AndLogged()
    {
        var application = new JstpClientApplication();
        application.Interface("desk").Method("sign", string () => throw new InvalidOperationException("a secret"));
        await using Session session = await Session.OpenAsync(application);
        session.Logs.Allow(4009);

        await session.Peer.SendAsync("{call:[-1,'desk'],sign:[]}");

        await session.Peer.ExpectAsync("{callback:[-1],error:[16]}");
        Assert.Single(session.Logs.WithId(4009));
    }

    [Fact]
    public async Task Event_ProxyAndApplication_HearItInThisOrder()
    {
        List<string> heard = [];
        var application = new JstpClientApplication();
        application.Interface("floor").OnEvent("tick", (int number) => heard.Add($"application {number}"));
        await using Session session = await Session.OpenAsync(application);
        using IDisposable subscription = session.Connection.GetProxy("floor").On<int>("tick", number => heard.Add($"proxy {number}"));
        session.Connection.EventReceived += (_, received) => heard.Add($"{received.InterfaceName}.{received.Name}");

        await session.Peer.SendAsync("{event:[-1,'floor'],tick:[7]}", "{event:[-2,'floor'],tick:'no arguments'}", "{ping:[-3]}");
        await session.Peer.ExpectAsync("{pong:[-3]}");

        Assert.Equal(["proxy 7", "application 7", "floor.tick"], heard);
        Assert.Equal(3, session.Connection.ExportSession().ReceivedCount);
    }

    [Fact]
    public async Task Handshake_RequestOfTheServer_IsRefusedAndEndsTheConnection()
    {
        await using Session session = await Session.OpenAsync();

        await session.Peer.SendAsync("{handshake:[0,'app']}");

        await session.Peer.ExpectAsync("{handshake:[0],error:[15]}");
        await session.Peer.ExpectEndAsync();
    }

    [Theory]
    [InlineData("{handshake:[0],ok:'again'}")]
    [InlineData("no message")]
    [InlineData("[]")]
    [InlineData("{call:[1.5,'desk'],sign:[]}")]
    public async Task Message_Violation_EndsTheConnectionAndTheSessionStays(string text)
    {
        await using Session session = await Session.OpenAsync();

        await session.Peer.SendAsync(text);
        await session.Peer.ExpectEndAsync();
        session.Peer.Dispose();
        await session.Reconnector.Asked.WithinLimitAsync("the loss");

        Assert.Equal(JstpConnectionState.Reconnecting, session.Connection.State);
    }
}
