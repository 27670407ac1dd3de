using Jstp.Cli.Connections;
using Jstp.Cli.Output;
using Jstp.Cli.Tests.Support;
using Jstp.TestKit;

namespace Jstp.Cli.Tests.Interactive;

/// <summary>The interactive mode as somebody sees it who types.</summary>
public sealed class InteractiveTerminalTests(CliServer server) : IClassFixture<CliServer>
{
    [Fact]
    public async Task Typed_MethodByTabs_IsCalled()
    {
        using var history = new TemporaryFile();
        var screen = new FakeScreen();
        Task<int> running = RunAsync(screen, "interactive", "calculator", "--history", history.Path);

        screen.Keys.Type("calc");
        screen.Keys.Press(ConsoleKey.Tab);
        screen.Keys.Type("ad");
        screen.Keys.Press(ConsoleKey.Tab);
        screen.Keys.Type("1, 2)");
        screen.Keys.Press(ConsoleKey.Enter);
        screen.Keys.PressControl(ConsoleKey.D);

        Assert.Equal(0, await running.WithinLimitAsync("the end"));
        Assert.Equal(["jstp> calculator.add(1, 2)", "3", "jstp>", ""], screen.Rows.All);
        Assert.Equal("calculator.add(1, 2)\n", await File.ReadAllTextAsync(history.Path));
    }

    [Fact]
    public async Task Typed_Inspect_IsATree()
    {
        var screen = new FakeScreen();
        Task<int> running = RunAsync(screen, "interactive");

        screen.Keys.Type("inspect version");
        screen.Keys.Press(ConsoleKey.Enter);
        screen.Keys.Type("exit");
        screen.Keys.Press(ConsoleKey.Enter);

        Assert.Equal(0, await running.WithinLimitAsync("the end"));
        Assert.Contains("version", screen.Rows.All);
        Assert.Contains("└── current", screen.Rows.All);
    }

    [Fact]
    public async Task Password_OnATerminal_IsAskedForAndNotShown()
    {
        var screen = new FakeScreen();
        Task<int> running = RunAsync(screen, "call", "session", "username", "--login", "alice");

        screen.Keys.Type("wonderland");
        screen.Keys.Press(ConsoleKey.Enter);

        Assert.Equal(0, await running.WithinLimitAsync("the end"));
        Assert.Contains("'alice'", screen.Rows.All);
        Assert.DoesNotContain("wonderland", string.Join('\n', screen.Rows.All), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(FakeScreen screen, params string[] args)
    {
        var console = new CliConsole(TextReader.Null, screen.Rows, screen.Rows, screen) { IsInputTerminal = true, IsOutputTerminal = true };

        return CliApplication.RunAsync(args, new CliServices
        {
            Console = console,
            Connections = new ConnectionFactory(console, TimeProvider.System),
            GetVariable = variable => variable switch
            {
                "JSTP_URL" => server.Url,
                "JSTP_APP" => "conformance",
                _ => null,
            },
        });
    }
}
