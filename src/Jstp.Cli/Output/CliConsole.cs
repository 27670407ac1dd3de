using Spectre.Console;

namespace Jstp.Cli.Output;

/// <summary>
/// Where commands read and write: results go to the output, everything else to the error output, each line as a whole. Whoever edits a line on the screen
/// meanwhile steps aside (<see cref="Interrupted"/>).
/// </summary>
internal sealed class CliConsole(TextReader input, TextWriter output, TextWriter error, IAnsiConsole screen)
{
    private readonly Lock _gate = new();

    /// <summary>Lines of input, where nobody types keys.</summary>
    public TextReader Input { get; } = input;

    /// <summary>The output as a screen: for tables and trees, and for keys. Wraps what is longer than it is wide.</summary>
    public IAnsiConsole Screen { get; } = screen;

    /// <summary>Whether somebody types; else the input is a pipe or a file.</summary>
    public required bool IsInputTerminal { get; init; }

    /// <summary>Whether somebody watches the output; else a program reads it.</summary>
    public required bool IsOutputTerminal { get; init; }

    /// <summary>Called around each write, to make room on the screen before it and to draw again behind it; null, the default, just writes.</summary>
    public Action<Action>? Interrupted { get; set; }

    /// <summary>The terminal and the streams of this process.</summary>
    public static CliConsole CreateForProcess() => new(
        Console.In, Console.Out, Console.Error, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) }))
    {
        IsInputTerminal = !Console.IsInputRedirected,
        IsOutputTerminal = !Console.IsOutputRedirected,
    };

    /// <summary>Writes a line of a result.</summary>
    public void WriteResult(string line) => Write(() =>
    {
        output.WriteLine(line);
        output.Flush();
    });

    /// <summary>Writes a line for a person, whatever becomes of the results. What could steer a terminal is left out.</summary>
    public void WriteNotice(string line) => Write(() =>
    {
        error.WriteLine(TerminalText.Clean(line));
        error.Flush();
    });

    /// <summary>Draws a result on the screen.</summary>
    public void Draw(Spectre.Console.Rendering.IRenderable drawing) => Write(() => Screen.Write(drawing));

    /// <summary>Does something to the screen while nobody else writes.</summary>
    public void Atomically(Action draw)
    {
        lock (_gate)
        {
            draw();
        }
    }

    private void Write(Action write)
    {
        lock (_gate)
        {
            if (Interrupted is { } interrupted)
            {
                interrupted(write);
            }
            else
            {
                write();
            }
        }
    }
}
