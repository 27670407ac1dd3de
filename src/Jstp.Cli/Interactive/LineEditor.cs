using System.Globalization;
using Jstp.Cli.Output;

namespace Jstp.Cli.Interactive;

/// <summary>
/// Reads lines from somebody who types on a terminal with ANSI sequences, in one row that scrolls sideways. What others write meanwhile appears above the line.
/// It takes every UTF-16 code unit to be one column wide.
/// </summary>
internal sealed class LineEditor(CliConsole console, LineHistory history, ILineCompleter completer)
{
    private const string Prompt = "jstp> ";

    private readonly LineBuffer _line = new();
    private readonly TextWriter _screen = console.Screen.Profile.Out.Writer;

    /// <summary>Reads one line.</summary>
    /// <returns>Null at the end: Ctrl-D in an empty line.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        _line.Set("");

        try
        {
            console.Atomically(() =>
            {
                console.Interrupted = MakeRoom;
                Draw();
            });

            return await EditAsync(cancellationToken);
        }
        finally
        {
            console.Atomically(() =>
            {
                console.Interrupted = null;
                _line.MoveEnd();
                Draw();
                _screen.Write("\r\n");
                _screen.Flush();
            });
        }
    }

    private async Task<string?> EditAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ConsoleKeyInfo key = await console.Screen.Input.ReadKeyAsync(intercept: true, cancellationToken)
                ?? throw new OperationCanceledException(cancellationToken);

            switch (key)
            {
                case { Key: ConsoleKey.Enter }:
                    history.Add(_line.Text);

                    return _line.Text;

                case { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } when _line.Text.Length == 0:
                    return null;

                case { Key: ConsoleKey.Tab }:
                    await CompleteAsync(cancellationToken);
                    break;

                default:
                    console.Atomically(() =>
                    {
                        Apply(key);
                        Draw();
                    });
                    break;
            }
        }
    }

    private void Apply(ConsoleKeyInfo key)
    {
        if (key.Modifiers.HasFlag(ConsoleModifiers.Control))
        {
            ApplyControl(key.Key);

            return;
        }

        switch (key.Key)
        {
            case ConsoleKey.LeftArrow: _line.MoveLeft(); break;
            case ConsoleKey.RightArrow: _line.MoveRight(); break;
            case ConsoleKey.Home: _line.MoveHome(); break;
            case ConsoleKey.End: _line.MoveEnd(); break;
            case ConsoleKey.Backspace: _line.Backspace(); break;
            case ConsoleKey.Delete: _line.Delete(); break;
            case ConsoleKey.Escape: _line.Set(""); break;
            case ConsoleKey.UpArrow: Recall(history.Previous(_line.Text)); break;
            case ConsoleKey.DownArrow: Recall(history.Next()); break;
            default: InsertUnlessControl(key.KeyChar); break;
        }
    }

    // As in Emacs, and so in shells.
    private void ApplyControl(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.A: _line.MoveHome(); break;
            case ConsoleKey.B: _line.MoveLeft(); break;
            case ConsoleKey.D: _line.Delete(); break;
            case ConsoleKey.E: _line.MoveEnd(); break;
            case ConsoleKey.F: _line.MoveRight(); break;
            case ConsoleKey.H or ConsoleKey.Backspace: _line.Backspace(); break; // terminals differ in which of them is erase
            case ConsoleKey.K: _line.KillToEnd(); break;
            case ConsoleKey.L: _screen.Write("\e[2J\e[H"); break;
            case ConsoleKey.N: Recall(history.Next()); break;
            case ConsoleKey.P: Recall(history.Previous(_line.Text)); break;
            case ConsoleKey.U: _line.KillToHome(); break;
            case ConsoleKey.W: _line.KillWordLeft(); break;
            case ConsoleKey.Y: _line.Yank(); break;
            case ConsoleKey.LeftArrow: _line.MoveWordLeft(); break;
            case ConsoleKey.RightArrow: _line.MoveWordRight(); break;
            default: break;
        }
    }

    private void Recall(string? line)
    {
        if (line is not null)
        {
            _line.Set(line);
        }
    }

    private void InsertUnlessControl(char character)
    {
        if (!char.IsControl(character))
        {
            _line.Insert(character.ToString());
        }
    }

    private async Task CompleteAsync(CancellationToken cancellationToken)
    {
        // Keys wait while the server is asked, so the line is the same afterwards.
        Completion found = await completer.CompleteAsync(_line.Text[.._line.Cursor], cancellationToken);
        string prefix = found.CommonPrefix;

        console.Atomically(() =>
        {
            if (found.Candidates.Count == 1)
            {
                _line.ReplaceBeforeCursor(found.Start, prefix + found.Suffix);
            }
            else if (prefix.Length > _line.Cursor - found.Start)
            {
                _line.ReplaceBeforeCursor(found.Start, prefix);
            }
            else if (found.Candidates.Count > 1)
            {
                MakeRoom(() => _screen.Write(TerminalText.Clean(string.Join("  ", found.Candidates)) + "\r\n"));
            }

            Draw();
        });
    }

    private void MakeRoom(Action write)
    {
        _screen.Write("\r\e[K");
        _screen.Flush();
        write();
        Draw();
    }

    private void Draw()
    {
        int room = Math.Max(1, console.Screen.Profile.Width - Prompt.Length - 1);
        int start = Math.Max(0, _line.Cursor - room);
        ReadOnlySpan<char> visible = _line.Text.AsSpan(start, Math.Min(room, _line.Text.Length - start));
        int column = Prompt.Length + _line.Cursor - start;
        _screen.Write(string.Create(CultureInfo.InvariantCulture, $"\r{Prompt}{visible}\e[K\r\e[{column}C"));
        _screen.Flush();
    }
}
