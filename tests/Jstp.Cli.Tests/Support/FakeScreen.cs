using Spectre.Console;
using Spectre.Console.Rendering;

namespace Jstp.Cli.Tests.Support;

/// <summary>A terminal of which the test types the keys and reads the rows.</summary>
internal sealed class FakeScreen : IAnsiConsole
{
    private readonly IAnsiConsole _console;

    public FakeScreen(int width = 80)
    {
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(Rows),
        });
        _console.Profile.Width = width;
    }

    /// <summary>What is to be seen.</summary>
    public TerminalRows Rows { get; } = new();

    /// <summary>What was typed and not read yet.</summary>
    public TypedKeys Keys { get; } = new();

    public Profile Profile => _console.Profile;

    public IAnsiConsoleCursor Cursor => _console.Cursor;

    public IAnsiConsoleInput Input => Keys;

    public IExclusivityMode ExclusivityMode => _console.ExclusivityMode;

    public RenderPipeline Pipeline => _console.Pipeline;

    public void Clear(bool home) => _console.Clear(home);

    public void Write(IRenderable renderable) => _console.Write(renderable);
}
