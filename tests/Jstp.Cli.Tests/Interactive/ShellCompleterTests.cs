using Jstp.Cli.Interactive;
using Jstp.Transport.Protocol;

namespace Jstp.Cli.Tests.Interactive;

/// <summary>What the interactive mode offers, and when it asks the server.</summary>
public sealed class ShellCompleterTests
{
    private readonly List<string> _inspected = [];
    private readonly RemoteNames _names;
    private readonly ShellCompleter _completer;

    public ShellCompleterTests()
    {
        _names = new RemoteNames((name, _) =>
        {
            _inspected.Add(name);

            return name == "missing"
                ? Task.FromException<IReadOnlyList<string>>(new JstpException(JstpErrorCode.InterfaceNotFound))
                : Task.FromResult<IReadOnlyList<string>>(["add", "answer", "divide"]);
        });
        _names.AddInterface("calculator");
        _names.AddInterface("missing");
        _names.AddEvent("chat", "message");
        _completer = new ShellCompleter(_names);
    }

    [Theory]
    [InlineData("", 0, "call emit events exit help inspect output ping calculator chat missing", "")]
    [InlineData("e", 0, "emit events exit", " ")]
    [InlineData("calc", 0, "calculator", ".")]
    [InlineData("c", 0, "call calculator chat", "")]
    [InlineData("calculator.a", 11, "add answer", "(")]
    [InlineData("missing.", 8, "", "(")]
    [InlineData("call ", 5, "calculator chat missing", " ")]
    [InlineData("call  calculator d", 17, "divide", " ")]
    [InlineData("call calculator add ", 0, "", "")]
    [InlineData("emit chat ", 10, "message", " ")]
    [InlineData("inspect calculator c", 19, "calculator chat", " ")]
    [InlineData("events o", 7, "on off", "")]
    [InlineData("output j", 7, "json", "")]
    [InlineData("nonsense x", 0, "", "")]
    public async Task Complete_Head_OffersWhatMayFollow(string head, int start, string candidates, string suffix)
    {
        Completion completion = await _completer.CompleteAsync(head, CancellationToken.None);

        Assert.Equal(candidates.Split(' ', StringSplitOptions.RemoveEmptyEntries), completion.Candidates);
        Assert.Equal((start, suffix), (completion.Start, completion.Suffix));
    }

    [Fact]
    public async Task Complete_MethodsTwice_AsksOnce()
    {
        await _completer.CompleteAsync("calculator.", CancellationToken.None);
        await _completer.CompleteAsync("call calculator a", CancellationToken.None);

        Assert.Equal(["calculator"], _inspected);
    }

    [Fact]
    public async Task Complete_MethodsThatWereInspected_AsksNobody()
    {
        _names.AddMethods("other", ["one"]);

        Assert.Equal(["one"], (await _completer.CompleteAsync("other.", CancellationToken.None)).Candidates);
        Assert.Empty(_inspected);
    }

    [Theory]
    [InlineData("a.b(1, '()')", "a", "b", "1, '()'")]
    [InlineData("a.b.c()", "a.b", "c", "")]
    public void ShellCall_MethodWithParentheses_IsRead(string line, string interfaceName, string name, string arguments) =>
        Assert.Equal(new ShellCall(interfaceName, name, arguments), ShellCall.TryParse(line));

    [Theory]
    [InlineData("call a b ('x')")]
    [InlineData("a.b(1")]
    [InlineData(".b()")]
    [InlineData("a.()")]
    [InlineData("ping")]
    public void ShellCall_SomethingElse_IsNot(string line) => Assert.Null(ShellCall.TryParse(line));
}
