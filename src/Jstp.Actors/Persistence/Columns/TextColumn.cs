using System.Globalization;
using System.Text;

namespace Jstp.Actors.Persistence.Columns;

/// <summary>
/// The stored form of names that came from outside. A database takes neither U+0000 nor unpaired surrogates, and one name that it refuses would make a
/// whole batch fail for ever; so these are escaped, and the backslash with them.
/// </summary>
internal static class TextColumn
{
    public static string Escape(string text) => IsPlain(text) ? text : EscapeSlow(text);

    public static string Unescape(string stored)
    {
        if (!stored.Contains('\\'))
        {
            return stored;
        }

        var text = new StringBuilder(stored.Length);

        for (int i = 0; i < stored.Length; i++)
        {
            if (stored[i] != '\\')
            {
                text.Append(stored[i]);
            }
            else if (stored[i + 1] == '\\')
            {
                text.Append('\\');
                i++;
            }
            else
            {
                text.Append((char)int.Parse(stored.AsSpan(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 5;
            }
        }

        return text.ToString();
    }

    private static bool IsPlain(string text)
    {
        foreach (char c in text)
        {
            if (c is '\0' or '\\' || char.IsSurrogate(c))
            {
                return false;
            }
        }

        return true;
    }

    private static string EscapeSlow(string text)
    {
        var stored = new StringBuilder(text.Length + 8);

        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];

            if (c == '\\')
            {
                stored.Append(@"\\");
            }
            else if (i + 1 < text.Length && char.IsSurrogatePair(c, text[i + 1]))
            {
                stored.Append(c).Append(text[++i]);
            }
            else if (c == '\0' || char.IsSurrogate(c))
            {
                stored.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            }
            else
            {
                stored.Append(c);
            }
        }

        return stored.ToString();
    }
}
