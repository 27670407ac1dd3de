using System.Text;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Transport.Tests.Protocol;

public sealed class HandshakeRequestTests
{
    [Theory]
    [InlineData("{handshake:[0,'depot']}", HandshakeStrategy.Anonymous, "anonymous", "")]
    [InlineData("{handshake:[41,'depot'],anonymous:true}", HandshakeStrategy.Anonymous, "anonymous", "true")]
    [InlineData("{handshake:[0,'depot'],anonymous:undefined}", HandshakeStrategy.Anonymous, "anonymous", "")]
    [InlineData("{handshake:[0,'depot'],'':[1]}", HandshakeStrategy.Anonymous, "anonymous", "[1]")]
    [InlineData("{handshake:[0,'depot'],session:['id',1]}", HandshakeStrategy.Session, "session", "['id',1]")]
    [InlineData("{\"handshake\":[0,\"depot\"],\"login\":[\"ann\",\"s3cret\"]}", HandshakeStrategy.Login, "login", "[\"ann\",\"s3cret\"]")]
    [InlineData("{handshake:[0,'depot'],marcus:'hash'}", HandshakeStrategy.Other, "marcus", "'hash'")]
    [InlineData("{handshake:[0,'depot'],Login:{a:1},login:[]}", HandshakeStrategy.Other, "Login", "{a:1}")]
    [InlineData("{handshake:[0,'depot'],ok:1}", HandshakeStrategy.Other, "ok", "1")]
    public void FromMessage_AnyStrategy_IsTold(string text, HandshakeStrategy strategy, string name, string credentials)
    {
        HandshakeRequest request = Request(text)!;

        Assert.Equal("depot", request.Application);
        Assert.Equal(strategy, request.Strategy);
        Assert.Equal(name, request.StrategyName);
        Assert.Equal(credentials, Encoding.UTF8.GetString(request.Credentials.Span));
        Assert.Equal(credentials.Length == 0, request.CredentialsType == MdsfTokenType.None);
        Assert.Same(VersionRequest.Latest, request.Version);
    }

    // Protocol page, section 4, rule 6
    [Theory]
    [InlineData("{handshake:[0]}")]
    [InlineData("{handshake:[0],ok:1}")]
    [InlineData("{handshake:[0,],session:1}")]
    [InlineData("{handshake:[0,,'1.0.0']}")]
    [InlineData("{handshake:[0,'']}")]
    [InlineData("{handshake:[0,'\\\n']}")]
    [InlineData("{handshake:[0,0]}")]
    [InlineData("{handshake:[0,-0.0]}")]
    [InlineData("{handshake:[0,NaN]}")]
    [InlineData("{handshake:[0,null]}")]
    [InlineData("{handshake:[0,false]}")]
    [InlineData("{handshake:[0,undefined]}")]
    public void FromMessage_NoApplicationName_IsNoRequest(string text) => Assert.Null(Request(text));

    [Theory]
    [InlineData("7")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void FromMessage_ApplicationIsNoText_NamesNone(string application) =>
        Assert.Null(Request($"{{handshake:[0,{application}]}}")!.Application);

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void FromMessage_LongNames_AreKnownUpToTheLimit(int length, bool isKnown)
    {
        string name = new('n', length);

        HandshakeRequest request = Request($"{{handshake:[0,'{name}'],{name}:1}}")!;

        Assert.Equal(isKnown ? name : null, request.Application);
        Assert.Equal(isKnown ? name : null, request.StrategyName);
        Assert.Equal(HandshakeStrategy.Other, request.Strategy);
    }

    [Theory]
    [InlineData("''", null)]
    [InlineData("0", null)]
    [InlineData("null", null)]
    [InlineData("", null)]
    [InlineData("'^1.\\x32.0'", "^1.2.0")]
    [InlineData("'latest'", "")]
    [InlineData("1", "")]
    [InlineData("['1']", "")]
    public void Version_AnyValue_IsRead(string value, string? expected) =>
        Assert.Equal(expected, Request($"{{handshake:[0,'depot',{value}]}}")!.Version.Text);

    // Protocol page, 10.3
    [Theory]
    [InlineData("['id',5]", 5L)]
    [InlineData("['id',5.0,{},1]", 5L)]
    [InlineData("['id']", 0L)]
    [InlineData("['id',]", 0L)]
    [InlineData("['id',undefined]", 0L)]
    [InlineData("['id',-0]", 0L)]
    [InlineData("['id',1e12]", 1_000_000_000_000L)]
    [InlineData("['id',1e300]", JstpMessageId.MaxMagnitude)]
    [InlineData("['id',null]", null)]
    [InlineData("['id',-1]", null)]
    [InlineData("['id',1.5]", null)]
    [InlineData("['id',NaN]", null)]
    [InlineData("['id',Infinity]", null)]
    [InlineData("['id','1']", null)]
    [InlineData("['id',[1]]", null)]
    [InlineData("[7,1]", null)]
    [InlineData("[,1]", null)]
    [InlineData("[]", null)]
    [InlineData("1", null)]
    [InlineData("'id'", null)]
    [InlineData("{}", null)]
    public void SessionCredentials_AnyValue_IsReadOrMalformed(string value, long? count)
    {
        SessionCredentials? credentials = SessionCredentials.FromRequest(Request($"{{handshake:[0,'depot'],session:{value}}}")!);

        Assert.Equal(count, credentials?.ReceivedCount);
        Assert.Equal(count is null ? null : "id", credentials?.SessionId);
    }

    [Fact]
    public void SessionCredentials_LongId_IsMalformed() =>
        Assert.Null(SessionCredentials.FromRequest(Request($"{{handshake:[0,'depot'],session:['{new string('i', 257)}',1]}}")!));

    [Fact]
    public void SessionCredentials_OtherStrategy_IsNull() =>
        Assert.Null(SessionCredentials.FromRequest(Request("{handshake:[0,'depot'],login:['id',1]}")!));

    private static HandshakeRequest? Request(string text)
    {
        JstpMessageResult result = JstpMessageReader.Read(Encoding.UTF8.GetBytes(text), default, out JstpMessage message);
        Assert.True(result.IsOk, result.ToString());
        return HandshakeRequest.FromMessage(message);
    }
}
