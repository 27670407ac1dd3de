using System.Buffers;

namespace Jstp.Transport.WebSockets;

/// <summary>Reads the tokens, quoted strings and separators of one HTTP field value (RFC 9110, 5.6). White space is skipped before every item.</summary>
internal ref struct HttpFieldReader(ReadOnlySpan<char> value)
{
    private static readonly SearchValues<char> TokenChars =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private ReadOnlySpan<char> _rest = value;

    /// <summary>Whether the value, or the list's current element, ends here.</summary>
    public bool AtListSeparator
    {
        get
        {
            SkipWhiteSpace();
            return _rest.IsEmpty || _rest[0] == ',';
        }
    }

    /// <summary>Whether text is a token: one or more of the characters that names are made of.</summary>
    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenChars);

    /// <summary>Skips to the next element of a list; empty elements are to be ignored (RFC 9110, 5.6.1.2).</summary>
    /// <returns><see langword="false"/> at the end of the value.</returns>
    public bool SkipListSeparators()
    {
        _rest = _rest.TrimStart(" \t,");
        return !_rest.IsEmpty;
    }

    /// <summary>Takes one character if it is next.</summary>
    public bool TryTake(char separator)
    {
        SkipWhiteSpace();

        if (_rest.IsEmpty || _rest[0] != separator)
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }

    /// <summary>Takes a token.</summary>
    public bool TryReadToken(out ReadOnlySpan<char> token)
    {
        SkipWhiteSpace();

        int length = _rest.IndexOfAnyExcept(TokenChars);
        token = length < 0 ? _rest : _rest[..length];
        _rest = _rest[token.Length..];
        return !token.IsEmpty;
    }

    /// <summary>Takes a token, or a quoted string whose content is one (RFC 6455, 9.1 demands that).</summary>
    public bool TryReadTokenOrQuoted(out string? text)
    {
        text = null;

        if (TryTake('"'))
        {
            int end = _rest.IndexOf('"');

            if (end < 0 || !IsToken(_rest[..end]))
            {
                return false;
            }

            text = _rest[..end].ToString();
            _rest = _rest[(end + 1)..];
            return true;
        }

        bool found = TryReadToken(out ReadOnlySpan<char> token);
        text = token.ToString();
        return found;
    }

    private void SkipWhiteSpace() => _rest = _rest.TrimStart(" \t");
}
