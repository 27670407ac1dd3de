using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Jstp.Transport.Protocol;

/// <summary>
/// Turns the text of a range into alternatives of bounds that all must hold; an alternative without bounds admits every release.
/// </summary>
/// <remarks>
/// npm's grammar, after all white space has become single spaces:
/// <code>
/// range    = alternative ("||" alternative)*
/// alternative = partial " - " partial | [ term (" " term)* ]
/// term     = ("^" | "~" | "~>" | operator) prefix partial | operator ["v"] version
/// operator = ["&lt;" | "&gt;"] ["="]           prefix = ("v" | "=")*
/// </code>
/// with optional spaces behind <c>^</c>, <c>~</c> and an operator. A few texts that this grammar excludes are accepted because npm
/// accepts them: see <see cref="TryAddStarred"/>.
/// </remarks>
internal static class VersionRangeParser
{
    public static bool TryParse(string text, [NotNullWhen(true)] out VersionComparator[][]? alternatives)
    {
        alternatives = null;
        var found = new List<VersionComparator[]>();

        foreach (string alternative in CollapseWhiteSpace(text).Split("||"))
        {
            var bounds = new VersionBounds();

            if (!TryAddAlternative(alternative.Trim(' '), bounds))
            {
                return false;
            }

            found.Add(bounds.ToArray());
        }

        alternatives = [.. found];
        return true;
    }

    private static bool TryAddAlternative(string text, VersionBounds bounds)
    {
        // Only one place can hold the hyphen: a partial version contains no space behind its first digit.
        int hyphen = text.IndexOf(" - ", StringComparison.Ordinal);

        if (hyphen >= 0)
        {
            return TryAddHyphenRange(text.AsSpan(0, hyphen), text.AsSpan(hyphen + 3), bounds);
        }

        string joined = JoinMarks(JoinOperators(text));

        foreach (Range range in joined.AsSpan().Split(' '))
        {
            if (!TryAddTerm(joined.AsSpan(range), bounds))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Adds <c>1.2 - 2.3.4</c>: both ends belong to the range, and an open upper end takes everything below the next number.
    /// </summary>
    private static bool TryAddHyphenRange(ReadOnlySpan<char> lowerText, ReadOnlySpan<char> upperText, VersionBounds bounds)
    {
        ReadOnlySpan<char> lowerPrefix = TakePrefix(ref lowerText, allowsSpace: true);
        ReadOnlySpan<char> upperPrefix = TakePrefix(ref upperText, allowsSpace: true);

        if (!PartialVersion.TryParse(lowerText, out PartialVersion lower) || !PartialVersion.TryParse(upperText, out PartialVersion upper))
        {
            return false;
        }

        bool isLowerAdded = lower.OpenFrom == 3
            ? lowerPrefix is "" or "v" && bounds.TryAdd(VersionOperator.GreaterOrEqual, lower)
            : bounds.TryAddLowest(lower);

        // npm rebuilds an upper end that has a prerelease, and thereby drops a prefix that it refuses otherwise.
        bool isUpperAdded = upper.OpenFrom == 3
            ? (upperPrefix is "" or "v" || !upper.Prerelease.IsEmpty) && bounds.TryAdd(VersionOperator.LessOrEqual, upper)
            : bounds.TryAddBelowNext(upper, upper.OpenFrom);

        return isLowerAdded && isUpperAdded;
    }

    private static bool TryAddTerm(ReadOnlySpan<char> term, VersionBounds bounds)
    {
        if (term.IsEmpty)
        {
            return true;
        }

        if (term[0] is '^' or '~')
        {
            bool isCaret = term[0] == '^';
            ReadOnlySpan<char> rest = term.StartsWith("~>") ? term[2..] : term[1..];
            TakePrefix(ref rest, allowsSpace: false);
            return PartialVersion.TryParse(rest, out PartialVersion start)
                && bounds.TryAddLowest(start)
                && bounds.TryAddBelowNext(start, isCaret ? CaretWidth(start) : Math.Min(2, start.OpenFrom));
        }

        ReadOnlySpan<char> text = term;
        VersionOperator? comparison = TakeOperator(ref text);
        ReadOnlySpan<char> prefix = TakePrefix(ref text, allowsSpace: false);

        if (!PartialVersion.TryParse(text, out PartialVersion version))
        {
            return TryAddStarred(term, bounds);
        }

        return version.OpenFrom < 3
            ? TryAddOpen(comparison, version, bounds)
            : prefix is "" or "v" && bounds.TryAdd(comparison ?? VersionOperator.Equal, version);
    }

    /// <summary>Adds a comparison with an open version, which stands for all versions that it could become.</summary>
    private static bool TryAddOpen(VersionOperator? comparison, PartialVersion version, VersionBounds bounds)
    {
        switch (comparison)
        {
            case VersionOperator.Less or VersionOperator.Greater when version.OpenFrom == 0:
                return bounds.TryAddNothing();
            case VersionOperator.Less:
                return bounds.TryAddBelow(version);
            case VersionOperator.GreaterOrEqual:
                return bounds.TryAddLowest(version);
            case VersionOperator.LessOrEqual:
                return bounds.TryAddBelowNext(version, version.OpenFrom);
            case VersionOperator.Greater:
                return bounds.TryAddFromNext(version, version.OpenFrom);
            default:
                return bounds.TryAddLowest(version) && bounds.TryAddBelowNext(version, version.OpenFrom);
        }
    }

    /// <summary>
    /// Adds a term with a misplaced star, such as <c>1.2.3*</c>: npm removes the first star with the operator before it, and takes what is
    /// left if it is nothing or a comparison with a full version.
    /// </summary>
    private static bool TryAddStarred(ReadOnlySpan<char> term, VersionBounds bounds)
    {
        int star = term.IndexOf('*');

        if (star < 0)
        {
            return false;
        }

        ReadOnlySpan<char> before = term[..star];
        before = before.EndsWith('=') ? before[..^1] : before;
        before = before.EndsWith('<') || before.EndsWith('>') ? before[..^1] : before;

        ReadOnlySpan<char> rest = string.Concat(before, term[(star + 1)..]);
        VersionOperator comparison = TakeOperator(ref rest) ?? VersionOperator.Equal;
        rest = rest.StartsWith('v') ? rest[1..] : rest;

        return PartialVersion.TryParse(rest, out PartialVersion version) && version.OpenFrom == 3 && bounds.TryAdd(comparison, version);
    }

    /// <summary>The part that a caret range may not raise: the first that is neither zero nor behind an open one.</summary>
    private static int CaretWidth(PartialVersion start) => start.OpenFrom switch
    {
        _ when start.Major != 0 => Math.Min(1, start.OpenFrom),
        3 when start.Minor == 0 => 3,
        _ => Math.Min(2, start.OpenFrom),
    };

    private static VersionOperator? TakeOperator(ref ReadOnlySpan<char> text)
    {
        char first = text.IsEmpty ? '\0' : text[0];
        text = first is '<' or '>' ? text[1..] : text;
        bool isOrEqual = text.StartsWith('=');
        text = isOrEqual ? text[1..] : text;

        return first switch
        {
            '<' => isOrEqual ? VersionOperator.LessOrEqual : VersionOperator.Less,
            '>' => isOrEqual ? VersionOperator.GreaterOrEqual : VersionOperator.Greater,
            _ => isOrEqual ? VersionOperator.Equal : null,
        };
    }

    private static ReadOnlySpan<char> TakePrefix(ref ReadOnlySpan<char> text, bool allowsSpace)
    {
        int length = allowsSpace ? text.IndexOfAnyExcept("v= ") : text.IndexOfAnyExcept("v=");
        ReadOnlySpan<char> prefix = text[..(length < 0 ? text.Length : length)];
        text = text[prefix.Length..];
        return prefix;
    }

    /// <summary>Removes the space between an operator and its version: <c>&gt; 1.2.3</c> becomes <c>&gt;1.2.3</c>.</summary>
    private static string JoinOperators(string text)
    {
        var joined = new StringBuilder(text.Length);
        int position = 0;

        while (position < text.Length)
        {
            int next = position;
            next += CharAt(text, next) == ' ' ? 1 : 0;
            next += CharAt(text, next) is '<' or '>' ? 1 : 0;
            next += CharAt(text, next) == '=' ? 1 : 0;
            int space = CharAt(text, next) == ' ' ? next : -1;

            while (CharAt(text, next) is 'v' or '=' or ' ')
            {
                next++;
            }

            if (!char.IsAsciiDigit(CharAt(text, next)) && CharAt(text, next) is not ('x' or 'X' or '*'))
            {
                next = position;
                space = -1;
            }

            for (; position <= next; position++)
            {
                if (position != space)
                {
                    joined.Append(text[position]);
                }
            }
        }

        return joined.ToString();
    }

    /// <summary>Removes the space behind <c>~</c>, <c>~&gt;</c> and <c>^</c>.</summary>
    private static string JoinMarks(string text) => text.Replace("~> ", "~").Replace("~ ", "~").Replace("^ ", "^");

    private static char CharAt(string text, int index) => index < text.Length ? text[index] : '\0';

    private static string CollapseWhiteSpace(string text)
    {
        var collapsed = new StringBuilder(text.Length);

        foreach (char c in text)
        {
            if (!IsWhiteSpace(c))
            {
                collapsed.Append(c);
            }
            else if (collapsed.Length > 0 && collapsed[^1] != ' ')
            {
                collapsed.Append(' ');
            }
        }

        return collapsed.ToString().TrimEnd(' ');
    }

    // JavaScript's idea of white space, which has the byte order mark and not U+0085.
    private static bool IsWhiteSpace(char c) => c == '\uFEFF' || (c != '\u0085' && char.IsWhiteSpace(c));
}
