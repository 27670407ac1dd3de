using System.Globalization;
using System.Text;
using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Tests.Mdsf;

/// <summary>Makes texts in all the notations of the grammar (mdsf.md, section 2), and texts that are nearly right.</summary>
internal sealed class RandomTexts(Random random)
{
    private static readonly string[] Spaces =
        [" ", "\t", "\n", "\r", "\v", "\f", "  ", "/**/", "/* c */", "//c\n", "//\r", "/***/", "/*'*/"];

    // What only some parsers take for a space (mdsf.md, section 3).
    private static readonly string[] RareSpaces =
        ["\u00a0", "\ufeff", "\u2003", "\u2028", "\u3000", "/*a*//*b*/", "//c\u2028", " /*1*/ //2\n"];

    private static readonly string[] Numbers =
    [
        "+5", "-5", "5.", ".5", "-.5", "5e3", "5E+3", "5e-3", "0x1F", "0b101", "0o17", "-0x10", "0x8000000000000401", "1e400", "-0", "0.0",
        "9007199254740993.0000000000000000000000000000000001", "2.2250738585072011e-308", "1e-400", "1e-99999999999999999999",
        "0e99999999999", new('9', 400), $"0.{new string('0', 400)}1e401", $"1{new string('0', 800)}e-800",
        $"0x1{new string('0', 255)}", $"0x{new string('f', 257)}", "0x20000000000001", "0x20000000000003", "0x100000000000000080",
        "0x100000000000000081", $"0b{new string('1', 55)}",
        "NaN", "Infinity", "-Infinity", "0XFF", "0B1", "0O7", "12345678901234567890", "0.000000000000000000000000000001",
    ];

    private static readonly string[] Escapes =
    [
        "\\b", "\\f",
        "\\n", "\\r", "\\t", "\\v", "\\0", "\\7", "\\101", "\\377", "\\777", "\\08", "\\x41", "\\xe9", "\\u0041", "\\u{1F680}",
        "\\ud83d\\ude80", "\\ud83d", "\\q", "\\8", "\\\\", "\\'", "\\\"", "\\/", "\\é", "\\\n", "\\\r\n", "\\\u2028", "\\u{000000041}",
    ];

    private static readonly string[] Keys =
        ["a", "b1", "$", "_x", "true", "'q'", "\"d q\"", "'\\x61'", "''", "__proto__", "a", "call", "'\\u{61}'"];

    private static readonly string[] RareKeys = ["1", "0", "1.5", "1e3", "0x10", "été", "\\u0061b", "a\\u0062", "名", "a\u200cb"];

    private const string Syntax = "{}[],:'\"\\/*+-.0123456789eExXbBoOuntrfalsediINaN$_ \n\u00a0\u2028é\ud83d\ude80";

    private readonly RandomValues _values = new(random);

    /// <summary>A text of the grammar.</summary>
    public string Next(int depth)
    {
        var text = new StringBuilder();
        AppendSpace(text);
        AppendValue(text, depth);
        AppendSpace(text);
        return text.ToString();
    }

    /// <summary>A text with a few characters changed, which mostly breaks it. It has no unpaired surrogates.</summary>
    public string Mutate(string original)
    {
        var text = new StringBuilder(original);

        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int place = random.Next(text.Length + 1);
            int length = Math.Min(random.Next(1, 4), text.Length - place);

            switch (random.Next(5))
            {
                case 0:
                    text.Remove(place, length);
                    break;
                case 1:
                    text.Insert(place, Syntax[random.Next(Syntax.Length)]);
                    break;
                case 2 when length > 0:
                    text[place] = Syntax[random.Next(Syntax.Length)];
                    break;
                case 3 when length > 0:
                    text.Insert(random.Next(text.Length), text.ToString(place, length));
                    break;
                default:
                    text.Insert(place, Pick(random.Next(2) == 0 ? Numbers : RareSpaces));
                    break;
            }
        }

        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private void AppendValue(StringBuilder text, int depth)
    {
        switch (random.Next(depth > 0 ? 9 : 5))
        {
            case 0:
                text.Append(random.Next(4) switch { 0 => "undefined", 1 => "null", 2 => "true", _ => "false" });
                break;
            case 1:
                text.Append(random.Next(3) == 0 ? Pick(Numbers) : _values.NextNumber().ToString("R", CultureInfo.InvariantCulture));
                break;
            case 2 or 3:
                AppendString(text);
                break;
            case 4:
                text.Append(MdsfValue.FromString(_values.NextString()).ToString());
                break;
            case 5 or 6:
                AppendArray(text, depth);
                break;
            default:
                AppendObject(text, depth);
                break;
        }
    }

    private void AppendArray(StringBuilder text, int depth)
    {
        text.Append('[');

        for (int length = random.Next(5); length > 0; length--)
        {
            AppendSpace(text);

            if (random.Next(6) > 0)
            {
                AppendValue(text, depth - 1);
                AppendSpace(text);
            }

            if (length > 1 || random.Next(4) == 0)
            {
                text.Append(',');
            }
        }

        AppendSpace(text);
        text.Append(']');
    }

    private void AppendObject(StringBuilder text, int depth)
    {
        text.Append('{');

        for (int length = random.Next(5); length > 0; length--)
        {
            AppendSpace(text);
            text.Append(random.Next(12) == 0 ? Pick(RareKeys) : Pick(Keys));

            if (random.Next(12) == 0)
            {
                AppendSpace(text);
            }

            text.Append(':');
            AppendSpace(text);
            AppendValue(text, depth - 1);
            AppendSpace(text);

            if (length > 1 || random.Next(4) == 0)
            {
                text.Append(',');
            }
        }

        if (text[^1] != '{' || random.Next(8) == 0)
        {
            AppendSpace(text);
        }

        text.Append('}');
    }

    private void AppendString(StringBuilder text)
    {
        char quote = random.Next(2) == 0 ? '\'' : '"';
        text.Append(quote);

        for (int length = random.Next(5); length > 0; length--)
        {
            string piece = random.Next(2) == 0 ? Pick(Escapes) : _values.NextName().Replace("\\", "", StringComparison.Ordinal);
            text.Append(new string([.. piece.Where(unit => unit != quote && !char.IsSurrogate(unit))]));
        }

        text.Append(quote);
    }

    private void AppendSpace(StringBuilder text)
    {
        if (random.Next(6) == 0)
        {
            text.Append(random.Next(12) == 0 ? Pick(RareSpaces) : Pick(Spaces));
        }
    }

    private string Pick(string[] choices) => choices[random.Next(choices.Length)];
}
