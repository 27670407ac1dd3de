using System.Collections.Concurrent;
using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Fixtures;

/// <summary>
/// The application of the recorded exchanges, in the variant that the environment variable <c>JSTP_FIXTURE</c> names (tests/Interop/README.md).
/// </summary>
public sealed class FixtureModule : IJstpModule
{
    private static readonly string[] FirstCatalogue = ["1.0.0"];
    private static readonly string[] SecondCatalogue = ["1.0.0", "1.1.0", "2.0.0"];
    private static readonly string[] LookupCatalogue = ["0.9.0", "1.0.0", "1.2.3", "1.10.0", "2.0.0-beta.2", "2.0.0", "3.0.0-alpha.1"];

    private readonly ConcurrentDictionary<string, JstpConnection> _bySession = new(StringComparer.Ordinal);

    public void Configure(JstpServerOptions options)
    {
        options.ConfigureServer(server => server.Connected += client => _bySession[client.SessionId] = client);

        switch (Environment.GetEnvironmentVariable("JSTP_FIXTURE"))
        {
            case null or "" or "depot":
                options.UseAuthenticator(AuthenticateAsync).AddApplication(Depot()).AddApplication(Annex()).AddApplication(Stage());
                break;
            case "no-policy":
                options.AddApplication(Depot()).AddApplication(Stage());
                break;
            case "greeting":
                options.UseAuthenticator(AuthenticateAsync).AddApplication(Depot()).AddApplication(Stage());
                options.ConfigureServer(server => server.Connected += Greet);
                break;
            case "cat":
                Add(options, [.. Catalogue("cat", FirstCatalogue), Stage()]);
                break;
            case "catalogue":
                Add(options, [.. Catalogue("cat", LookupCatalogue), .. Catalogue("pre", ["1.0.0-rc.1"])]);
                break;
            case "cluster":
                options.UseAuthenticator(AuthenticateAsync).AddApplication(Cluster(options));
                break;
            case var unknown:
                throw new InvalidOperationException($"JSTP_FIXTURE names no variant: {unknown}");
        }
    }

    private static void Add(JstpServerOptions options, IEnumerable<JstpApplication> applications)
    {
        foreach (JstpApplication application in applications)
        {
            options.AddApplication(application);
        }
    }

    private static void Greet(JstpConnection client)
    {
        if (client.Application.Name == "depot")
        {
            client.Emit("floor", "hello", 1);
        }
    }

    private static ValueTask<string?> AuthenticateAsync(JstpAuthenticationContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult<string?>(context switch
        {
            { Strategy: "login", Credentials: { Kind: MdsfValueKind.Array, Elements: [var user, var password] } }
                when user == "ann" && password == "s3cret" => "ann",
            { Strategy: "login", Credentials: { Kind: MdsfValueKind.Array, Elements: [var user, ..] } }
                when user == "bob" => throw new JstpException(4001, "Account locked", "until monday"),
            { Strategy: "token", Credentials: { Kind: MdsfValueKind.Array, Elements: [var token] } } when token == "k-123" => "svc",
            { Strategy: "marcus", Credentials: var hash } when hash == "hash" => "marcus",
            { Strategy: "ghost" } => "",
            { Strategy: "login", Credentials: { Kind: MdsfValueKind.Array, Elements: [var user, var password] } }
                when password == "open sesame" => user.AsString(),
            { Strategy: "as", Credentials: { Kind: MdsfValueKind.String } name } => name.AsString(),
            _ => throw new InvalidOperationException("refused"),
        });

    private static JstpApplication Depot() => JstpApplication.Create("depot", "1.4.0", application => application
        .AddInterface(new StockInterface())
        .AddInterface(new FaultsInterface())
        .AddInterface(new FeedInterface())
        .AddInterface(new InfoInterface())
        .AddInterface("floor", floor => floor.OnEvent(
            "seen", (JstpConnection client, MdsfValue a, MdsfValue b) => client.Emit("floor", "ack", a, b))));

    private static JstpApplication Cluster(JstpServerOptions options)
    {
        var tape = new TapeInterface();
        options.ConfigureServer(server => server.Disconnected += tape.OnGone);

        return JstpApplication.Create("cluster", "1.0.0", application => application.AddInterface(tape).AddInterface(new ClusterInterface()));
    }

    private static JstpApplication Annex() => JstpApplication.Create("annex", "1.0.0", application => application
        .AddInterface("door", door => door.Method("open", (JstpConnection client) => client.UserName)));

    private static IEnumerable<JstpApplication> Catalogue(string name, IEnumerable<string> versions) =>
        versions.Select(version => JstpApplication.Create(name, version, application => application.AddInterface(new InfoInterface())));

    private JstpApplication Stage() => JstpApplication.Create("stage", "1.0.0", application => application
        .AddInterface(new StageInterface(_bySession, () => [.. Catalogue("cat", SecondCatalogue), Stage()])));
}
