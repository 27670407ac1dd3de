using Jstp.Client.Tests.Servers;
using Jstp.TestKit;
using Jstp.Transport.Mdsf;

namespace Jstp.Client.Tests.TypedProxies;

/// <summary>What a typed proxy says, text by text.</summary>
public sealed class TypedMessageTests
{
    [Fact]
    public async Task Call_EveryShape_IsThisText()
    {
        await using Session session = await Session.OpenAsync();
        IDepot depot = session.Connection.GetProxy<IDepot>();

        Task three = depot.ThreeAsync("a", 2, new Item("b", 3, null, Colour.Red, 0.5));
        Task sum = depot.SumAsync(1, 2);
        Task nothing = depot.NothingAsync().AsTask();
        depot.Looked("here");
        await depot.TypingAsync("ann", 1);

        await session.Peer.ExpectAsync(
            "{call:[1,'depot'],three:['a',2,{sku:'b',count:3,note:null,colour:'Red',weight:0.5}]}",
            "{call:[2,'depot'],sum:[1,2]}",
            "{call:[3,'depot'],nothing:[]}",
            "{event:[4,'depot'],looked:['here']}",
            "{event:[5,'depot'],typing:['ann',1]}");
        await session.Peer.SendAsync("{callback:[1],ok:['x',1,{sku:'y',count:1}]}", "{callback:[2],ok:[3]}", "{callback:[3],ok:['more','than','asked']}");
        await three.WithinLimitAsync("the first answer");
        await sum.WithinLimitAsync("the second answer");
        await nothing.WithinLimitAsync("the third answer");
    }

    [Theory]
    [InlineData("{callback:[1],ok:[]}")]
    [InlineData("{callback:[1],ok:[null]}")]
    [InlineData("{callback:[1],ok:['7']}")]
    [InlineData("{callback:[1],ok:[7.5]}")]
    [InlineData("{callback:[1],ok:[[7]]}")]
    public async Task Result_ThatDoesNotFit_FailsTheCallOnly(string answer)
    {
        await using Session session = await Session.OpenAsync();
        IDepot depot = session.Connection.GetProxy<IDepot>();

        Task<int> sum = depot.SumAsync();
        await session.Peer.ExpectAsync("{call:[1,'depot'],sum:[]}");
        await session.Peer.SendAsync(answer);

        await Assert.ThrowsAsync<MdsfConversionException>(() => sum.WithinLimitAsync("the end of the call"));
        Task<int> again = depot.SumAsync(1);
        await session.Peer.ExpectAsync("{call:[2,'depot'],sum:[1]}");
        await session.Peer.SendAsync("{callback:[2],ok:[1]}");
        Assert.Equal(1, await again.WithinLimitAsync("the next answer"));
    }

    [Fact]
    public async Task Resend_AnswerLost_IsCalledAgainWithItsArguments()
    {
        await using Session session = await Session.OpenAsync();
        Task<string?> asked = session.Connection.GetProxy<IDepot>().AskAsync("who?");
        await session.Peer.ExpectAsync("{call:[1,'depot'],ask:['who?']}");

        // The server has had the call, and its answer is lost with the connection.
        session.Peer.Dispose();
        await session.Reconnector.Asked.WithinLimitAsync("the loss");
        Task reconnecting = JstpClient.ReconnectAsync(session.Connection);
        await session.RestoreAsync(clientCount: 0, serverCount: 1);
        await reconnecting.WithinLimitAsync("the restore");
        await session.Peer.ExpectAsync("{call:[2,'depot'],ask:['who?']}");
        await session.Peer.SendAsync("{callback:[2],ok:['ann']}");

        Assert.Equal("ann", await asked.WithinLimitAsync("the answer"));
    }
}
