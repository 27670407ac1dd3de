using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Jstp.Cli.Tests.Support;
using Jstp.Transport.Listening;

namespace Jstp.Cli.Tests.Commands;

/// <summary>Ways to a server, logins, sessions, and what stands in the way.</summary>
public sealed class ConnectionTests(CliServer server) : IClassFixture<CliServer>
{
    [Fact]
    public async Task Connect_NobodyListens_CannotConnect()
    {
        var gone = new CliServer();
        await gone.InitializeAsync();
        await gone.DisposeAsync();

        ToolResult result = await Tool.For(gone).RunAsync("inspect", "echo");

        Assert.Equal((3, ""), (result.Code, result.Output));
        Assert.StartsWith($"jstp: Cannot connect to {gone.Url}: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_UnknownApplication_IsRefused() => Assert.Equal(
        new ToolResult(5, "", $"jstp: {server.Url} has refused: Error 10: Application not found.\n"), await Tool.For(server, "nowhere").RunAsync("inspect", "echo"));

    [Theory]
    [InlineData("conformance@^1.0.0", "'1.2.0'\n")]
    [InlineData("conformance@2", "'2.0.0'\n")]
    public async Task Connect_Range_ChoosesTheVersion(string application, string version) =>
        Assert.Equal(version, (await Tool.For(server, application).RunAsync("call", "version", "current")).Output);

    [Fact]
    public async Task Login_PasswordOption_IsWhoWeAre() => Assert.Equal(
        new ToolResult(0, "'alice'\n", ""),
        await Tool.For(server).RunAsync("call", "session", "username", "--login", "alice", "--password", "wonderland"));

    [Fact]
    public async Task Login_PasswordFromInput_IsWhoWeAre() => Assert.Equal(
        new ToolResult(0, "'alice'\n", ""),
        await Tool.For(server).RunAsync("wonderland\n", CancellationToken.None, "call", "session", "username", "--login", "alice", "--password-stdin"));

    [Fact]
    public async Task Login_FromTheEnvironment_IsWhoWeAre()
    {
        Tool tool = Tool.For(server);
        tool.Variables["JSTP_LOGIN"] = "alice";
        tool.Variables["JSTP_PASSWORD"] = "wonderland";

        Assert.Equal(new ToolResult(0, "'alice'\n", ""), await tool.RunAsync("call", "session", "username"));
    }

    [Fact]
    public async Task Login_WrongPassword_IsRefused()
    {
        ToolResult result = await Tool.For(server).RunAsync("call", "session", "username", "--login", "alice", "--password", "wrong");

        Assert.Equal(5, result.Code);
        Assert.DoesNotContain("wrong", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_File_CarriesTheSessionOn()
    {
        using var file = new TemporaryFile();

        Assert.Equal(0, (await Tool.For(server).RunAsync("call", "session", "set", "'k'", "42", "--session", file.Path)).Code);
        ToolResult result = await Tool.For(server).RunAsync("call", "session", "get", "'k'", "--session", file.Path);

        Assert.Equal(new ToolResult(0, "42\n", ""), result);

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.Path));
        }
    }

    [Fact]
    public async Task Session_EventsOfMeanwhile_AreFollowed()
    {
        using var file = new TemporaryFile();
        await Tool.For(server, "kit").RunAsync("call", "kit", "join", "--session", file.Path);
        JstpConnection connection = await server.Joined.NextAsync();
        connection.Emit("kit", "news", 1);
        connection.Emit("kit", "other", 2);
        connection.Emit("kit", "news", 3);
        connection.Emit("kit", "news", 4);

        ToolResult result = await Tool.For(server, "kit").RunAsync("events", "kit", "news", "--count", "2", "--session", file.Path);

        Assert.Equal((0, "{interface:'kit',event:'news',args:[1]}\n{interface:'kit',event:'news',args:[3]}\n"), (result.Code, result.Output));
        Assert.Matches("^(jstp: [12] events of the session came and were not shown.\n)$", result.Error);
    }

    [Fact]
    public async Task Session_ServerHasForgotten_IsRefusedWithAHint()
    {
        using var file = new TemporaryFile();
        await Tool.For(server).RunAsync("inspect", "echo", "--session", file.Path);
        var other = new CliServer();
        await other.InitializeAsync();

        ToolResult result = await Tool.For(other).RunAsync("inspect", "echo", "--session", file.Path);

        await other.DisposeAsync();
        Assert.Equal(5, result.Code);
        Assert.Contains($"no longer knows the session of '{file.Path}'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_FileOfSomethingElse_IsUsage()
    {
        using var file = new TemporaryFile();
        await File.WriteAllTextAsync(file.Path, "hello");

        ToolResult result = await Tool.For(server).RunAsync("inspect", "echo", "--session", file.Path);

        Assert.Equal(2, result.Code);
        Assert.StartsWith($"jstp: '{file.Path}' holds no session: ", result.Error, StringComparison.Ordinal);
        Assert.Equal("hello", await File.ReadAllTextAsync(file.Path));
    }

    [Fact]
    public async Task Tls_OwnAuthority_IsTrustedIfNamed()
    {
        using X509Certificate2 certificate = CreateCertificate();
        using var authority = new TemporaryFile();
        await File.WriteAllTextAsync(authority.Path, certificate.ExportCertificatePem());
        var options = new JstpServerOptions { Tls = new TlsCertificateOptions { Certificate = certificate } };
        options.AddApplication("app", "1.0.0", static application => application.AddInterface("echo", static echo => echo.Method("one", static () => 1)));
        await using JstpListener listener = Wss.CreateServer(options);
        IPEndPoint endPoint = await listener.ListenAsync(port: 0, IPAddress.Loopback);
        Tool tool = new() { Variables = { ["JSTP_URL"] = $"wss://localhost:{endPoint.Port}/", ["JSTP_APP"] = "app" } };

        Assert.Equal(3, (await tool.RunAsync("call", "echo", "one")).Code);
        Assert.Equal(new ToolResult(0, "1\n", ""), await tool.RunAsync("call", "echo", "one", "--ca", authority.Path));
        Assert.Equal(new ToolResult(0, "1\n", ""), await tool.RunAsync("call", "echo", "one", "--insecure"));
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));

        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
