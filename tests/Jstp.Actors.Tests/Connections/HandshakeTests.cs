using Jstp.Actors.Connections;
using Jstp.TestKit;
using Jstp.TestKit.Server;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Tests.Connections;

/// <summary>Protocol page, sections 4 (rules 1 to 6) and 5.</summary>
public sealed class HandshakeTests
{
    private readonly TaskCompletionSource<string?> _userName = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData("{handshake:[0,'app']}")]
    [InlineData("{handshake:[0,'app'],anonymous:true}")]
    [InlineData("{handshake:[0,'app'],anonymous:[]}")]
    [InlineData("{handshake:[0,'app','^1.0.0']}")]
    [InlineData("{handshake:[0,'app','1.0.0']}")]
    [InlineData("{handshake:[0,'app','']}")]
    [InlineData("{handshake:[0,'app',null]}")]
    [InlineData("{handshake:[0,'app',0]}")]
    public async Task Request_Anonymous_OpensASessionWithoutUser(string request)
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = server.Open();

        peer.Send(request);

        await peer.ExpectSessionAsync();
        Assert.Null(Assert.Single(server.Server.Clients).UserName);
    }

    [Theory]
    [InlineData("{handshake:[0,'nope']}")]
    [InlineData("{handshake:[0,7]}")]
    [InlineData("{handshake:[0,'app','2']}")]
    [InlineData("{handshake:[0,'app','latest']}")]
    [InlineData("{handshake:[0,'app',1]}")]
    public async Task Request_NothingFits_IsAnswered10AndClosed(string request)
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = server.Open();

        peer.Send(request);

        await peer.ExpectAsync("{handshake:[0],error:[10]}");
        await peer.ExpectCloseAsync(1000);
    }

    [Theory]
    [InlineData("{handshake:[0,'app'],login:['ann','x']}")]
    [InlineData("{handshake:[0,'app'],session:['00000000-0000-4000-8000-000000000000',0]}")]
    [InlineData("{handshake:[0,'app'],session:[1,0]}")]
    [InlineData("{handshake:[0,'app'],session:['x','y']}")]
    [InlineData("{handshake:[0,'app'],session:['x',-1]}")]
    [InlineData("{handshake:[0,'app'],session:1}")]
    [InlineData("{handshake:[0,'app'],session:[]}")]
    public async Task Request_CannotBeGranted_IsAnswered11AndClosed(string request)
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = server.Open();

        peer.Send(request);

        await peer.ExpectAsync("{handshake:[0],error:[11]}");
        await peer.ExpectCloseAsync(1000);
    }

    [Theory]
    [InlineData("{", 1007)]
    [InlineData("", 1007)]
    [InlineData("null", 1002)]
    [InlineData("undefined", 1002)]
    [InlineData("[]", 1002)]
    [InlineData("'x'", 1002)]
    [InlineData("{call:[1,'a'],b:[]}", 1002)]
    [InlineData("{ping:[1]}", 1002)]
    [InlineData("{nonsense:[1]}", 1002)]
    [InlineData("{handshake:null}", 1002)]
    [InlineData("{handshake:[0]}", 1002)]
    [InlineData("{handshake:[0,'']}", 1002)]
    [InlineData("{handshake:[0,0]}", 1002)]
    [InlineData("{handshake:[0],ok:1}", 1002)]
    [InlineData("{handshake:[0],error:[1]}", 1002)]
    public async Task FirstMessage_IsNoRequest_ClosesWithoutAWord(string text, int code)
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = server.Open();

        peer.Send(text);

        await peer.ExpectCloseAsync(code);
    }

    [Fact]
    public async Task Heartbeat_BeforeTheHandshake_IsIgnored()
    {
        await using var server = new JstpTestServer();
        JstpPeer peer = server.Open();

        peer.Send("{}", "{handshake:[0,'app']}");

        await peer.ExpectSessionAsync();
    }

    [Fact]
    public async Task Request_UserNameAsStrategy_ReachesTheAuthenticatorAsItIs()
    {
        JstpAuthenticationContext? seen = null;
        await using JstpTestServer server = WithAuthenticator((context, _) =>
        {
            seen = context;

            return ValueTask.FromResult<string?>("marcus");
        });
        JstpPeer peer = server.Open();

        peer.Send("{handshake:[0,'app'],marcus:'hash'}");

        await peer.ExpectSessionAsync();
        Assert.Equal(("marcus", "hash"), (seen!.Strategy, seen.Credentials.AsString()));
        Assert.Equal("marcus", Assert.Single(server.Server.Clients).UserName);
    }

    [Fact]
    public async Task Authenticator_RefusesInAnyWay_IsAnsweredByThatWay()
    {
        await using JstpTestServer server = WithAuthenticator((context, _) => context.Strategy switch
        {
            "locked" => throw new JstpException(4001, "Account locked", "until monday"),
            "standard" => throw new JstpException(12, "own text"),
            "bug" => throw new InvalidOperationException("secret"),
            "empty" => ValueTask.FromResult<string?>(""),
            _ => ValueTask.FromResult<string?>(null),
        });
        server.Logs.Allow(2200);

        foreach ((string strategy, string error) in new[]
                 {
                     ("locked", "[4001,'Account locked','until monday']"), ("standard", "[12]"), ("bug", "[11]"), ("empty", "[11]"), ("none", "[11]"),
                 })
        {
            JstpPeer peer = server.Open();
            peer.Send($"{{handshake:[0,'app'],{strategy}:[]}}");

            await peer.ExpectAsync($"{{handshake:[0],error:{error}}}");
            await peer.ExpectCloseAsync(1000);
        }

        Assert.Single(server.Logs.WithId(2200));
    }

    [Fact]
    public async Task Timeout_NothingSent_ClosesWith1008()
    {
        await using var server = new JstpTestServer();
        int timeouts = 0;
        server.Server.HandshakeTimedOut += _ => timeouts++;
        JstpPeer peer = server.Open();

        await server.AdvanceAsync(TimeSpan.FromSeconds(2.9));
        await peer.ExpectNothingAsync();
        await server.AdvanceAsync(TimeSpan.FromSeconds(0.1));

        await peer.ExpectCloseAsync(1008);
        Assert.Equal(1, timeouts);
    }

    [Fact]
    public async Task Messages_BehindTheRequest_WaitForASlowAuthenticator()
    {
        await using JstpTestServer server = WithSlowAuthenticator();
        JstpPeer peer = server.Open();

        peer.Send("{handshake:[0,'app'],login:[]}", "{ping:[1]}");
        peer.Send("{ping:[2]}");
        await peer.ExpectNothingAsync();
        _userName.SetResult("ann");

        await peer.ExpectSessionAsync();
        await peer.ExpectAsync("{pong:[1]}", "{pong:[2]}");
    }

    [Fact]
    public async Task SecondRequest_WhileTheFirstIsDecided_ClosesWhenItIsReached()
    {
        await using JstpTestServer server = WithSlowAuthenticator();
        JstpPeer peer = server.Open();

        peer.Send("{handshake:[0,'app'],login:[]}", "{handshake:[0,'app'],login:[]}");
        await peer.ExpectNothingAsync();
        _userName.SetResult("ann");

        await peer.ExpectSessionAsync();
        await peer.ExpectCloseAsync(1002);
    }

    [Fact]
    public async Task Timeout_WhileTheAuthenticatorWorks_DiscardsItsOutcome()
    {
        await using JstpTestServer server = WithSlowAuthenticator();
        JstpPeer peer = server.Open();
        peer.Send("{handshake:[0,'app'],login:[]}");

        await server.AdvanceAsync(TimeSpan.FromSeconds(3));
        await peer.ExpectCloseAsync(1008);
        _userName.SetResult("ann");
        await server.SettleAsync();

        Assert.Empty(server.Server.Clients);
        Assert.Empty(server.Server.Sessions.ChildPaths());
    }

    [Fact]
    public async Task ClientLeaves_WhileTheAuthenticatorWorks_SessionIsDeleted()
    {
        await using JstpTestServer server = WithSlowAuthenticator();
        int connected = 0;
        server.Server.Connected += _ => connected++;
        JstpPeer peer = server.Open();
        peer.Send("{handshake:[0,'app'],login:[]}");
        await server.SettleAsync();

        peer.Lose();
        _userName.SetResult("ann");
        await peer.Released.WithinLimitAsync("the connection to be released");

        await Patience.UntilAsync(() => server.Server.Sessions.ChildPaths().Count == 0, "the session to be deleted");
        Assert.Equal(0, connected);
    }

    // The outcome and the end race through one mailbox; whichever is first, no session may stay.
    [Fact]
    public async Task ClientLeaves_AtTheMomentOfTheDecision_NoSessionStays()
    {
        for (int round = 0; round < 200; round++)
        {
            var userName = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            await using JstpTestServer server = WithAuthenticator((_, _) => new ValueTask<string?>(userName.Task));
            JstpPeer peer = server.Open();
            peer.Send("{handshake:[0,'app'],login:[]}");
            await server.SettleAsync();

            userName.SetResult("ann");
            server.Time.Advance(TimeSpan.FromSeconds(3));
            bool wasOpened = await peer.TryReceiveAsync() is not null;
            await server.SettleAsync();
            await Patience.UntilAsync(() => server.Server.Sessions.ChildPaths().Count == (wasOpened ? 1 : 0), "no session without client");
        }
    }

    [Fact]
    public async Task ConnectedListener_Emits_IsBehindTheAnswer()
    {
        await using var server = new JstpTestServer();
        server.Server.Connected += client => client.Emit("iface", "hello", 1);
        JstpPeer peer = server.Open();

        peer.Send("{handshake:[0,'app']}");

        await peer.ExpectSessionAsync();
        await peer.ExpectAsync("{event:[-1,'iface'],hello:[1]}");
    }

    [Fact]
    public async Task ConnectedListener_Throws_HarmsNobody()
    {
        await using var server = new JstpTestServer();
        server.Logs.Allow(2301);
        int others = 0;
        server.Server.Connected += _ => throw new InvalidOperationException();
        server.Server.Connected += _ => others++;

        JstpPeer peer = await server.ConnectAsync();
        peer.Send("{ping:[1]}");

        await peer.ExpectAsync("{pong:[1]}");
        Assert.Equal(1, others);
    }

    [Fact]
    public async Task Restore_AuthenticatorObjects_IsAnswered11()
    {
        await using var server = new JstpTestServer(configure: static options => options.Authenticator = new Vetoing());
        JstpPeer first = await server.ConnectAsync();
        first.Lose();

        JstpPeer second = server.Open();
        second.Send($"{{handshake:[0,'app'],session:['{first.SessionId}',0]}}");

        await second.ExpectAsync("{handshake:[0],error:[11]}");
    }

    [Fact]
    public async Task Credentials_Deep_ReachTheAuthenticator()
    {
        await using JstpTestServer server = WithAuthenticator((context, _) =>
            ValueTask.FromResult<string?>(context.Credentials.Kind == MdsfValueKind.Array ? "deep" : null));
        JstpPeer peer = server.Open();

        peer.Send($"{{handshake:[0,'app'],x:{new string('[', 500)}{new string(']', 500)}}}");

        await peer.ExpectSessionAsync();
    }

    private static JstpTestServer WithAuthenticator(Func<JstpAuthenticationContext, CancellationToken, ValueTask<string?>> authenticate) =>
        new(configure: options => options.UseAuthenticator(authenticate));

    // Deaf to the token, as the worst authenticator is.
    private JstpTestServer WithSlowAuthenticator() => WithAuthenticator((_, _) => new ValueTask<string?>(_userName.Task));

    private sealed class Vetoing : IJstpAuthenticator
    {
        public ValueTask<string?> AuthenticateAsync(JstpAuthenticationContext context, CancellationToken cancellationToken) =>
            ValueTask.FromResult<string?>("anyone");

        public ValueTask<bool> AllowRestoreAsync(string applicationName, string? userName, CancellationToken cancellationToken) => ValueTask.FromResult(false);
    }
}
