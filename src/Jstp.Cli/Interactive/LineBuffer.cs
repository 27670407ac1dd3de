namespace Jstp.Cli.Interactive;

/// <summary>A line that is being edited: its text, and the cursor between two of its characters.</summary>
internal sealed class LineBuffer
{
    private string _killed = "";

    public string Text { get; private set; } = "";

    /// <summary>0 is before the first character, the length of the text behind the last.</summary>
    public int Cursor { get; private set; }

    /// <summary>Replaces everything, with the cursor at the end.</summary>
    public void Set(string text) => (Text, Cursor) = (text, text.Length);

    public void Insert(string text)
    {
        Text = Text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    /// <summary>Replaces what is between a place and the cursor.</summary>
    public void ReplaceBeforeCursor(int start, string text)
    {
        Text = string.Concat(Text.AsSpan(0, start), text, Text.AsSpan(Cursor));
        Cursor = start + text.Length;
    }

    public void MoveLeft() => Cursor = Before(Cursor);

    public void MoveRight() => Cursor = After(Cursor);

    public void MoveHome() => Cursor = 0;

    public void MoveEnd() => Cursor = Text.Length;

    public void MoveWordLeft() => Cursor = WordStart();

    public void MoveWordRight()
    {
        while (Cursor < Text.Length && Text[Cursor] == ' ')
        {
            Cursor++;
        }

        while (Cursor < Text.Length && Text[Cursor] != ' ')
        {
            Cursor++;
        }
    }

    public void Backspace() => Remove(Before(Cursor), Cursor);

    public void Delete() => Remove(Cursor, After(Cursor));

    public void KillToEnd() => Kill(Cursor, Text.Length);

    public void KillToHome() => Kill(0, Cursor);

    public void KillWordLeft() => Kill(WordStart(), Cursor);

    /// <summary>Inserts what was killed last.</summary>
    public void Yank() => Insert(_killed);

    private void Kill(int start, int end)
    {
        if (end > start)
        {
            _killed = Text[start..end];
            Remove(start, end);
        }
    }

    private void Remove(int start, int end)
    {
        Text = Text.Remove(start, end - start);
        Cursor = start;
    }

    // The two halves of a character outside the basic plane stay together.
    private int Before(int place) => place >= 2 && char.IsSurrogatePair(Text, place - 2) ? place - 2 : Math.Max(0, place - 1);

    private int After(int place) =>
        place + 1 < Text.Length && char.IsSurrogatePair(Text, place) ? place + 2 : Math.Min(Text.Length, place + 1);

    private int WordStart()
    {
        int start = Cursor;

        while (start > 0 && Text[start - 1] == ' ')
        {
            start--;
        }

        while (start > 0 && Text[start - 1] != ' ')
        {
            start--;
        }

        return start;
    }
}
