using System.Globalization;
using System.Text;

namespace Jstp.Cli.Tests.Support;

/// <summary>As much of a terminal as a line editor uses: carriage returns, line feeds, erasing to the end of the row, and moving right.</summary>
internal sealed class TerminalRows : TextWriter
{
    private readonly List<StringBuilder> _rows = [new()];
    private readonly StringBuilder _sequence = new();
    private int _column;
    private bool _isSequence;

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>The rows so far, without spaces at their ends.</summary>
    public string[] All
    {
        get
        {
            lock (_rows)
            {
                return [.. _rows.Select(static row => row.ToString().TrimEnd())];
            }
        }
    }

    /// <summary>Where the cursor is in the last row, from 0.</summary>
    public int Column
    {
        get
        {
            lock (_rows)
            {
                return _column;
            }
        }
    }

    public override void Write(char value)
    {
        lock (_rows)
        {
            if (_isSequence)
            {
                AddToSequence(value);
            }
            else
            {
                Show(value);
            }
        }
    }

    private void Show(char value)
    {
        switch (value)
        {
            case '\e':
                _isSequence = true;
                break;
            case '\r':
                _column = 0;
                break;
            case '\n':
                _rows.Add(new StringBuilder());
                _column = 0;
                break;
            default:
                StringBuilder row = _rows[^1];
                row.Append(' ', Math.Max(0, _column + 1 - row.Length));
                row[_column++] = value;
                break;
        }
    }

    private void AddToSequence(char value)
    {
        _sequence.Append(value);

        if (!char.IsAsciiLetter(value))
        {
            return;
        }

        string sequence = _sequence.ToString();
        _sequence.Clear();
        _isSequence = false;

        switch (value)
        {
            case 'K':
                _rows[^1].Length = Math.Min(_column, _rows[^1].Length);
                break;
            case 'C':
                _column += int.Parse(sequence.AsSpan(1, sequence.Length - 2), CultureInfo.InvariantCulture);
                break;
            case 'J':
                _rows.Clear();
                _rows.Add(new StringBuilder());
                break;
            default:
                _column = 0; // home
                break;
        }
    }
}
