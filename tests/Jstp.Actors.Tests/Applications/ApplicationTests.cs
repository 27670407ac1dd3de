using System.Diagnostics.CodeAnalysis;
using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.TestKit;
using Jstp.TestKit.Server;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace Jstp.Actors.Tests.Applications;

/// <summary>How classes and delegates become what clients can call (issue 2; protocol page, section 6).</summary>
public sealed class ApplicationTests
{
    [Fact]
    public async Task Inspect_OfAClass_NamesWhatIsServedInItsOrder()
    {
        await using var server = new JstpTestServer(static app => app.AddInterface<SampleInterface>());
        JstpPeer peer = await server.ConnectAsync();

        peer.Send("{inspect:[1,'sample']}");

        await peer.ExpectAsync(
            "{callback:[1],ok:['add','optional','rest','renamed','task','valueTask','tuple','results','nothing','fails','who','text']}");
    }

    [Theory]
    [InlineData("add:[1,2]", "ok:[3]")]
    [InlineData("add:[1]", "error:[17]")]
    [InlineData("add:[1,'2']", "error:[17]")]
    [InlineData("add:[1,null]", "error:[17]")]
    [InlineData("add:[1,1.5]", "error:[17]")]
    [InlineData("optional:['a']", "ok:['a5']")]
    [InlineData("optional:['a',undefined]", "ok:['a5']")]
    [InlineData("optional:['a',7]", "ok:['a7']")]
    [InlineData("optional:[]", "error:[17]")]
    [InlineData("optional:['a',7,8]", "error:[17]")]
    [InlineData("rest:['s']", "ok:['s:0']")]
    [InlineData("rest:['s',1,2,3]", "ok:['s:6']")]
    [InlineData("rest:['s',1,'x']", "error:[17]")]
    [InlineData("renamed:[]", "ok:['renamed']")]
    [InlineData("other:[]", "error:[14]")]
    [InlineData("task:[]", "ok:[1]")]
    [InlineData("valueTask:[]", "ok:[]")]
    [InlineData("tuple:[]", "ok:['a',2]")]
    [InlineData("results:[2]", "ok:[0,1]")]
    [InlineData("nothing:[]", "ok:[]")]
    [InlineData("fails:['own']", "error:[4000,'own',{a:1}]")]
    [InlineData("fails:['standard']", "error:[14]")]
    [InlineData("fails:['bug']", "error:[16]")]
    [InlineData("fails:['task']", "error:[16]")]
    [InlineData("who:[]", "ok:['app']")]
    [InlineData("hidden:[]", "error:[14]")]
    [InlineData("getHashCode:[]", "error:[14]")]
    [InlineData("GetType:[]", "error:[14]")]
    [InlineData("toString:[]", "error:[14]")]
    [InlineData("get_Value:[]", "error:[14]")]
    [InlineData("dispose:[]", "error:[14]")]
    [InlineData("__proto__:[]", "error:[17]")] // no such member exists, so there are no arguments
    public async Task Call_OfAClass_BindsAndAnswers(string call, string answer)
    {
        await using var server = new JstpTestServer(static app => app.AddInterface<SampleInterface>());
        server.Logs.Allow(2006);
        JstpPeer peer = await server.ConnectAsync();

        peer.Send($"{{call:[1,'sample'],{call}}}");

        await peer.ExpectAsync($"{{callback:[1],{answer}}}");
    }

    [Fact]
    public async Task Method_CancellationToken_IsOfTheSession()
    {
        CancellationToken seen = default;
        await using var server = new JstpTestServer(app => app.AddInterface("i", i => i.Method("m", (CancellationToken token) => { seen = token; })));
        JstpPeer peer = await server.ConnectAsync();

        peer.Send("{call:[1,'i'],m:[]}");

        await peer.ExpectAsync("{callback:[1],ok:[]}");
        Assert.Equal(Assert.Single(server.Server.Clients).SessionEnded, seen);
    }

    [Fact]
    public async Task ScopedInterface_EveryCall_HasItsOwnServicesAndDisposesThemAtItsEnd()
    {
        var log = new List<string>();
        await using ServiceProvider services = new ServiceCollection().AddSingleton(log).AddScoped<Resource>().BuildServiceProvider();
        var application = JstpApplication.Create("scoped", "1.0.0", static app => app.AddInterface<ScopedInterface>(null, ServiceLifetime.Scoped), services);
        await using var server = new JstpTestServer(configure: options => options.AddApplication(application));
        JstpPeer peer = await server.ConnectAsync("scoped");

        peer.Send("{call:[1,'scoped'],now:[]}");
        await peer.ExpectAsync("{callback:[1],ok:[]}");
        peer.Send("{call:[2,'scoped'],later:[]}");
        await peer.ExpectAsync("{callback:[2],ok:[]}");

        await Patience.UntilAsync(() => log.Count == 4, "the scopes to be disposed");
        Assert.Equal(["now", "disposed", "later", "disposed"], log);
    }

    [Fact]
    public void Create_SameNameTwice_SaysWhich()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => JstpApplication.Create(
            "app", "1.0.0", static app => app.AddInterface("calc", static calc => calc.Method("add", static () => 1).Method("add", static () => 2))));

        Assert.Contains("'calc'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'add'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "1.0.0")]
    [InlineData("app", "")]
    [InlineData("app", "1.0")]
    [InlineData("app", "latest")]
    [InlineData("__proto__", "1.0.0")]
    public void Create_UnusableNameOrVersion_Throws(string name, string version) =>
        Assert.Throws<ArgumentException>(() => JstpApplication.Create(name, version, static _ => { }));

    [Fact]
    public void Create_UnservableParameter_SaysWhich()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => JstpApplication.Create(
            "app", "1.0.0", static app => app.AddInterface("i", static i => i.Method("m", static (ref int x) => { x++; }))));

        Assert.Contains("'m'", error.Message, StringComparison.Ordinal);
        Assert.Contains("by reference", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UpdateConnectionsApi_MovesClientsWithinWhatTheyAskedFor()
    {
        await using var server = new JstpTestServer(configure: static options => options.AddApplication(Versioned("1.0.0")));
        JstpPeer latest = await server.ConnectAsync("v");
        JstpPeer exact = server.Open();
        exact.Send("{handshake:[0,'v','1.0.0']}");
        await exact.ExpectSessionAsync();
        JstpPeer any = server.Open();
        any.Send("{handshake:[0,'v','>=1']}");
        await any.ExpectSessionAsync();
        any.Lose();
        any = await server.RestoreAsync(any.SessionId, 0, 0, "v"); // D2: it is a client again

        server.Server.UpdateApplications([Versioned("1.0.0"), Versioned("1.1.0"), Versioned("2.0.0")]);
        exact.Send("{call:[1,'i'],version:[]}");
        await exact.ExpectAsync("{callback:[1],ok:['1.0.0']}");
        server.Server.UpdateConnectionsApi();

        foreach ((JstpPeer peer, string version) in new[] { (latest, "1.1.0"), (exact, "1.0.0") })
        {
            peer.Send("{call:[2,'i'],version:[]}");
            await peer.ExpectAsync($"{{callback:[2],ok:['{version}']}}");
        }
    }

    [Fact]
    public void UpdateApplications_SameVersionTwice_SaysWhich()
    {
        using var storage = new Jstp.Actors.Sessions.SimpleSessionStorageProvider();
        var options = new Jstp.Actors.Hosting.JstpServerOptions { SessionStorage = storage }.AddApplication(Versioned("1.0.0")).AddApplication(Versioned("1.0.0"));

        ArgumentException error = Assert.Throws<ArgumentException>(() => new Jstp.Actors.Hosting.JstpServer(options));

        Assert.Contains("v@1.0.0", error.Message, StringComparison.Ordinal);
    }

    private static JstpApplication Versioned(string version) => JstpApplication.Create("v", version, app => app.AddInterface(
        "i", static i => i.Method("version", static (JstpConnection client) => client.Application.Version.ToString())));

    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Methods of an interface class are instance methods.")]
    [SuppressMessage("Performance", "CA1812:Avoid uninstantiated internal classes", Justification = "The application makes it.")]
    private sealed class SampleInterface : IDisposable
    {
        public int Value => 1;

        public int Add(int a, int b) => a + b;

        public string Optional(string text, int number = 5) => text + number;

        public string Rest(string text, params int[] numbers) => $"{text}:{numbers.Sum()}";

        [JstpMethod("renamed")]
        public string Other() => "renamed";

        public async Task<int> TaskAsync()
        {
            await Task.Yield();

            return 1;
        }

        public ValueTask ValueTaskAsync() => ValueTask.CompletedTask;

        public (string First, int Second) Tuple() => ("a", 2);

        public JstpResults Results(int count) => new([.. Enumerable.Range(0, count).Cast<object?>()]);

        public void Nothing()
        {
        }

        public Task Fails(string how) => how switch
        {
            "own" => throw new JstpException(4000, "own", MdsfValue.Parse("{a:1}"u8)),
            "standard" => throw new JstpException(14, "dropped"),
            "task" => Task.FromException(new InvalidOperationException("secret")),
            _ => throw new InvalidOperationException("secret"),
        };

        public string Who(JstpConnection connection, CancellationToken cancellationToken) =>
            cancellationToken.IsCancellationRequested ? "nobody" : connection.Application.Name;

        public string Text(string text) => text;

        [JstpIgnore]
        public void Hidden()
        {
        }

        [JstpEvent]
        public void OnSeen()
        {
        }

        public override string ToString() => "never";

        public void Dispose()
        {
        }
    }

    private sealed class Resource(List<string> log) : IDisposable
    {
        public void Note(string text) => log.Add(text);

        public void Dispose() => log.Add("disposed");
    }

    [SuppressMessage("Performance", "CA1812:Avoid uninstantiated internal classes", Justification = "The application makes it.")]
    private sealed class ScopedInterface(Resource resource)
    {
        public void Now() => resource.Note("now");

        public async Task LaterAsync()
        {
            await Task.Yield();
            resource.Note("later");
        }
    }
}
