namespace Jstp.Cli.Interactive;

/// <summary>The lines that were entered, the oldest first, and which of them is looked at.</summary>
internal sealed class LineHistory
{
    private const int MaxCount = 1000;

    private readonly List<string> _lines = [];
    private int _position; // the count of lines while none is looked at
    private string _draft = ""; // what was being typed before the first look

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Remembers a line, unless it is empty or the same as the one before.</summary>
    public void Add(string line)
    {
        if (line.Length > 0 && (_lines.Count == 0 || _lines[^1] != line))
        {
            _lines.Add(line);

            if (_lines.Count > MaxCount)
            {
                _lines.RemoveAt(0);
            }
        }

        _position = _lines.Count;
        _draft = "";
    }

    /// <summary>The line before the one that is looked at.</summary>
    /// <param name="current">What is typed now, for the way back.</param>
    /// <returns>Null if there is none.</returns>
    public string? Previous(string current)
    {
        if (_position == 0)
        {
            return null;
        }

        if (_position == _lines.Count)
        {
            _draft = current;
        }

        return _lines[--_position];
    }

    /// <summary>The line behind the one that is looked at, and at last what was being typed.</summary>
    /// <returns>Null if there is none.</returns>
    public string? Next()
    {
        if (_position == _lines.Count)
        {
            return null;
        }

        return ++_position == _lines.Count ? _draft : _lines[_position];
    }
}
