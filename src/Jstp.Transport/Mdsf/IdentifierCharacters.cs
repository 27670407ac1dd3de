using System.Buffers;
using System.Globalization;
using System.Text;

namespace Jstp.Transport.Mdsf;

/// <summary>Which code points may stand in a bare name: ECMAScript's identifiers (mdsf.md, section 2: idstart, idpart).</summary>
internal static class IdentifierCharacters
{
    private const string Ascii = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$";

    private static readonly SearchValues<char> AsciiPartChars = SearchValues.Create(Ascii);

    /// <summary>The ASCII characters that a bare name may go on with.</summary>
    public static SearchValues<byte> AsciiParts { get; } = SearchValues.Create(Encoding.ASCII.GetBytes(Ascii));

    /// <summary>Whether a key can be written bare: only ASCII names are (mdsf.md, section 5.2).</summary>
    public static bool IsAsciiName(ReadOnlySpan<char> name) =>
        !name.IsEmpty && IsAsciiStart(name[0]) && !name.ContainsAnyExcept(AsciiPartChars);

    /// <summary>Whether a key can be written bare: only ASCII names are (mdsf.md, section 5.2).</summary>
    public static bool IsAsciiName(ReadOnlySpan<byte> name) =>
        !name.IsEmpty && IsAsciiStart(name[0]) && !name.ContainsAnyExcept(AsciiParts);

    /// <summary>Whether a bare name may begin with the code point.</summary>
    public static bool IsStart(int codePoint)
    {
        if (codePoint < 0x80)
        {
            return IsAsciiStart(codePoint);
        }

        // UAX #31: letters and letter numbers; Other_ID_Start; less Pattern_Syntax, of which only U+2E2F is a letter.
        return Category(codePoint) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber
            ? codePoint != 0x2E2F
            : codePoint is 0x1885 or 0x1886 or 0x2118 or 0x212E or 0x309B or 0x309C;
    }

    /// <summary>Whether a bare name may go on with the code point.</summary>
    public static bool IsPart(int codePoint)
    {
        if (codePoint < 0x80)
        {
            return IsAsciiStart(codePoint) || codePoint is >= '0' and <= '9';
        }

        // UAX #31: marks, digits and connectors; Other_ID_Continue, which holds the two joiners that ECMAScript adds.
        return IsStart(codePoint)
            || Category(codePoint) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation
            || codePoint is 0xB7 or 0x387 or (>= 0x1369 and <= 0x1371) or 0x19DA or 0x200C or 0x200D or 0x30FB or 0xFF65;
    }

    private static bool IsAsciiStart(int codePoint) =>
        codePoint is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_' or '$';

    private static UnicodeCategory Category(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint);
}
