using Jstp.Cli.Interactive;
using Jstp.Cli.Output;
using Jstp.Cli.Tests.Support;
using Jstp.TestKit;

namespace Jstp.Cli.Tests.Interactive;

/// <summary>Keys, and what is to be seen of them.</summary>
public sealed class LineEditorTests
{
    private readonly FakeScreen _screen = new();
    private readonly LineHistory _history = new();

    [Fact]
    public async Task Enter_GivesTheLine()
    {
        _screen.Keys.Type("ping");
        _screen.Keys.Press(ConsoleKey.Enter);

        Assert.Equal("ping", await ReadAsync());
        Assert.Equal(["jstp> ping", ""], _screen.Rows.All);
    }

    [Theory]
    [InlineData(ConsoleKey.Home, "Xone two")]
    [InlineData(ConsoleKey.LeftArrow, "one twXo")]
    [InlineData(ConsoleKey.Backspace, "one twX")]
    [InlineData(ConsoleKey.Delete, "one twoX")]
    [InlineData(ConsoleKey.Escape, "X")]
    public async Task Key_MovesOrRemoves(ConsoleKey key, string expected)
    {
        _screen.Keys.Type("one two");
        _screen.Keys.Press(key);
        _screen.Keys.Type("X");
        _screen.Keys.Press(ConsoleKey.Enter);

        Assert.Equal(expected, await ReadAsync());
        Assert.Equal("jstp> " + expected, _screen.Rows.All[^2]);
    }

    [Theory]
    [InlineData(ConsoleKey.A, "Xone two")]
    [InlineData(ConsoleKey.W, "one X")]
    [InlineData(ConsoleKey.U, "X")]
    [InlineData(ConsoleKey.LeftArrow, "one Xtwo")]
    [InlineData(ConsoleKey.B, "one twXo")]
    public async Task ControlKey_MovesOrRemoves(ConsoleKey key, string expected)
    {
        _screen.Keys.Type("one two");
        _screen.Keys.PressControl(key);
        _screen.Keys.Type("X");
        _screen.Keys.Press(ConsoleKey.Enter);

        Assert.Equal(expected, await ReadAsync());
    }

    [Fact]
    public async Task ControlKeys_KilledText_ComesBack()
    {
        _screen.Keys.Type("one two");
        _screen.Keys.PressControl(ConsoleKey.LeftArrow, ConsoleKey.K, ConsoleKey.A, ConsoleKey.Y, ConsoleKey.E);
        _screen.Keys.Press(ConsoleKey.Enter);

        Assert.Equal("twoone ", await ReadAsync());
    }

    [Fact]
    public async Task Backspace_SurrogatePair_GoesAsAWhole()
    {
        _screen.Keys.Type("a😀");
        _screen.Keys.Press(ConsoleKey.Backspace, ConsoleKey.Enter);

        Assert.Equal("a", await ReadAsync());
    }

    [Fact]
    public async Task ControlD_EmptyLine_IsTheEnd()
    {
        _screen.Keys.PressControl(ConsoleKey.D);

        Assert.Null(await ReadAsync());
    }

    [Fact]
    public async Task Arrows_WalkThroughTheHistoryAndBackToTheDraft()
    {
        _history.Add("first");
        _history.Add("second");
        _history.Add("second");
        _screen.Keys.Type("draft");
        _screen.Keys.Press(ConsoleKey.UpArrow, ConsoleKey.UpArrow, ConsoleKey.UpArrow, ConsoleKey.Enter);

        Assert.Equal("first", await ReadAsync());

        _screen.Keys.Type("draft");
        _screen.Keys.Press(ConsoleKey.UpArrow, ConsoleKey.DownArrow, ConsoleKey.DownArrow, ConsoleKey.Enter);

        Assert.Equal("draft", await ReadAsync());
        Assert.Equal(["first", "second", "first", "draft"], _history.Lines);
    }

    [Fact]
    public async Task Tab_OneCandidate_IsTaken()
    {
        _screen.Keys.Type("x ca");
        _screen.Keys.Press(ConsoleKey.Tab, ConsoleKey.Enter);

        Assert.Equal("x calculator!", await ReadAsync(new Completion(2, ["calculator"], "!")));
    }

    [Fact]
    public async Task Tab_SeveralCandidates_ExtendsThenListsThem()
    {
        _screen.Keys.Type("c");
        _screen.Keys.Press(ConsoleKey.Tab, ConsoleKey.Tab, ConsoleKey.Enter);

        Assert.Equal("ca", await ReadAsync(new Completion(0, ["call", "cat"], " ")));
        Assert.Equal(["call  cat", "jstp> ca", ""], _screen.Rows.All);
    }

    [Fact]
    public async Task Tab_NoCandidate_ChangesNothing()
    {
        _screen.Keys.Type("zz");
        _screen.Keys.Press(ConsoleKey.Tab, ConsoleKey.Enter);

        Assert.Equal("zz", await ReadAsync());
    }

    [Fact]
    public async Task Line_LongerThanTheScreen_Scrolls()
    {
        var screen = new FakeScreen(width: 16);
        screen.Keys.Type("0123456789ABCDEF");
        Task<string?> reading = ReadAsync(screen, Completion.None);
        await Patience.UntilAsync(() => screen.Rows.All[^1] == "jstp> 789ABCDEF" && screen.Rows.Column == 15, "the end of the line");

        screen.Keys.Press(ConsoleKey.Home);
        await Patience.UntilAsync(() => screen.Rows.All[^1] == "jstp> 012345678" && screen.Rows.Column == 6, "the beginning of the line");

        screen.Keys.Press(ConsoleKey.Enter);
        Assert.Equal("0123456789ABCDEF", await reading.WithinLimitAsync("the line"));
    }

    [Fact]
    public async Task Notice_WhileTyping_AppearsAboveTheLine()
    {
        CliConsole console = ConsoleOf(_screen);
        var editor = new LineEditor(console, _history, new FixedCompleter(Completion.None));
        _screen.Keys.Type("half");
        Task<string?> reading = editor.ReadLineAsync(CancellationToken.None);
        await Patience.UntilAsync(() => _screen.Rows.All[^1] == "jstp> half", "the line");

        console.WriteResult("{event:'tick'}");

        Assert.Equal(["{event:'tick'}", "jstp> half"], _screen.Rows.All);
        Assert.Equal(10, _screen.Rows.Column);
        _screen.Keys.Press(ConsoleKey.Enter);
        Assert.Equal("half", await reading.WithinLimitAsync("the line"));
    }

    [Fact]
    public async Task Cancelled_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        var editor = new LineEditor(ConsoleOf(_screen), _history, new FixedCompleter(Completion.None));
        Task<string?> reading = editor.ReadLineAsync(cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WithinLimitAsync("the end of the line"));
    }

    private static CliConsole ConsoleOf(FakeScreen screen) =>
        new(TextReader.Null, screen.Rows, screen.Rows, screen) { IsInputTerminal = true, IsOutputTerminal = true };

    private Task<string?> ReadAsync(Completion? completion = null) => ReadAsync(_screen, completion ?? Completion.None);

    private Task<string?> ReadAsync(FakeScreen screen, Completion completion) =>
        new LineEditor(ConsoleOf(screen), _history, new FixedCompleter(completion)).ReadLineAsync(CancellationToken.None).WithinLimitAsync("a line");

    private sealed class FixedCompleter(Completion completion) : ILineCompleter
    {
        public Task<Completion> CompleteAsync(string head, CancellationToken cancellationToken) => Task.FromResult(completion with
        {
            Candidates = [.. completion.Candidates.Where(candidate => candidate.StartsWith(head[completion.Start..], StringComparison.Ordinal))],
        });
    }
}
