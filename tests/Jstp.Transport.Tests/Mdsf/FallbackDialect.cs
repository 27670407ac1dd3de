using System.Text.RegularExpressions;

namespace Jstp.Transport.Tests.Mdsf;

/// <summary>
/// Where the reference parser is documented to read a text otherwise (mdsf.md, section 3). It looks at the words of a text with
/// patterns of its own, so that it shares no mistake with the reader.
/// </summary>
internal static partial class FallbackDialect
{
    /// <summary>Marks where lines were joined: a character that no text has otherwise.</summary>
    public const char Joint = '\uE000';

    /// <summary>The ways in which a text leaves the common ground.</summary>
    [Flags]
    public enum Differences
    {
        None = 0,

        /// <summary>The reference refuses something that we accept.</summary>
        Stricter = 1,

        /// <summary>The reference accepts, by accident, something that we refuse.</summary>
        Looser = 2,

        /// <summary>A backslash before a line end: the reference keeps the line end.</summary>
        LineContinuation = 4,

        /// <summary>U+2028 or U+2029 in a line comment: the reference does not end the comment there.</summary>
        LineComment = 8,
    }

    /// <summary>Finds the ways in which a text leaves the common ground.</summary>
    public static Differences Find(string text)
    {
        Differences found = Differences.None;
        string shape = "";

        foreach (Match token in Token().Matches(text))
        {
            string word = token.Value;

            if (token.Groups["string"].Success)
            {
                found |= JoinLinesOfString(word) != word ? Differences.LineContinuation : Differences.None;
                found |= LongCodePoint().IsMatch(word) ? Differences.Stricter : Differences.None;
                shape += 's';
            }
            else if (token.Groups["comment"].Success)
            {
                found |= word.StartsWith("//", StringComparison.Ordinal) && word.AsSpan().ContainsAny('\u2028', '\u2029')
                    ? Differences.LineComment | Differences.Stricter
                    : Differences.None;
                shape += 'c';
            }
            else if (token.Groups["word"].Success)
            {
                found |= JudgeWord(word);
                shape += char.IsAsciiDigit(word[0]) ? 'n' : 'w';
            }
            else
            {
                found |= word[0] is '\\' or > '\x7f' ? Differences.Stricter : Differences.None;
                shape += char.IsWhiteSpace(word[0]) ? ' ' : word[0];
            }
        }

        return StrictShape().IsMatch(shape) ? found | Differences.Stricter : found;
    }

    /// <summary>The text with a mark for every line end that follows a backslash; without the marks it is what we read.</summary>
    public static string JoinLines(string text) => Token().Replace(
        text, static token => token.Groups["string"].Success ? JoinLinesOfString(token.Value) : token.Value);

    private static string JoinLinesOfString(string text) => Escape().Replace(
        text, static escape => escape.Value[1] is '\n' or '\r' or '\u2028' or '\u2029' ? Joint.ToString() : escape.Value);

    /// <summary>
    /// Whether a JavaScript engine and both MDSF parsers may differ: only in the engine an undefined member overwrites another of its
    /// name, and an octal escape ends before it exceeds 377.
    /// </summary>
    public static bool IsNotOfJavaScript(string text) => EngineOnly().IsMatch(text);

    private static Differences JudgeWord(string word)
    {
        Differences found = Differences.None;

        if (StrictWord().IsMatch(word))
        {
            found |= Differences.Stricter;
        }

        if (NumberLike().IsMatch(word) && !Number().IsMatch(word))
        {
            found |= Differences.Looser;
        }

        return found;
    }

    [GeneratedRegex(
        """(?<string>'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")"""
        + @"|(?<comment>//[^\n\r]*|/\*[\s\S]*?\*/)|(?<word>[A-Za-z0-9_$.+-]+)|[\s\S]")]
    private static partial Regex Token();

    [GeneratedRegex(@"\\(?:\r\n|[\s\S])")]
    private static partial Regex Escape();

    [GeneratedRegex(@"\\u\{[0-9A-Fa-f]{9,}\}")]
    private static partial Regex LongCodePoint();

    [GeneratedRegex(@"undefined|\\[4-7][0-7]{2}")]
    private static partial Regex EngineOnly();

    [GeneratedRegex("NaN|Infinity|^[+-]?0[XOB]")]
    private static partial Regex StrictWord();

    // Everything that parseFloat is given, with the signs that precede it, and what of it is a number.
    [GeneratedRegex(@"^[+-]*[0-9.eE+-]*$")]
    private static partial Regex NumberLike();

    [GeneratedRegex(@"^[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$")]
    private static partial Regex Number();

    // An empty object with something in it; something between a key and its colon; two comments in a row; a numeric key.
    [GeneratedRegex(@"\{[ c]+\}|[swn][ c]+:|c *c|n:")]
    private static partial Regex StrictShape();
}
