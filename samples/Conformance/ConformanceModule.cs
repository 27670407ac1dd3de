using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Samples.Conformance;

/// <summary>The application that the conformance tests run against (docs/spec/conformance-app.md), as the reference server has it too.</summary>
public sealed class ConformanceModule : IJstpModule
{
    private static readonly string[] Versions = ["1.0.0", "1.2.0", "2.0.0"];

    /// <inheritdoc/>
    public void Configure(JstpServerOptions options)
    {
        foreach (string version in Versions)
        {
            options.AddApplication("conformance", version, application => application
                .UseAuthenticator(AuthenticateAsync)
                .AddInterface<EchoInterface>()
                .AddInterface<CalculatorInterface>()
                .AddInterface<ErrorsInterface>()
                .AddInterface<TimeInterface>()
                .AddInterface<EventsInterface>()
                .AddInterface<SessionInterface>()
                .AddInterface<VersionInterface>());
        }

        options.AddApplication("other", "1.0.0", application => application
            .UseAuthenticator(AuthenticateAsync)
            .AddInterface<EchoInterface>());
    }

    private static ValueTask<string?> AuthenticateAsync(JstpAuthenticationContext context, CancellationToken cancellationToken)
    {
        IReadOnlyList<MdsfValue> credentials = context.Credentials.Kind == MdsfValueKind.Array ? context.Credentials.Elements : [];

        return ValueTask.FromResult((context.Strategy, credentials) switch
        {
            ("login", [var user, var password]) when user == "alice" && password == "wonderland" => "alice",
            ("token", [var token]) when token == "t0ken" => "token-user",
            ("token", [var token]) when token == "banned" => throw new JstpException(1001, "Account is suspended"),
            _ => null,
        });
    }
}
