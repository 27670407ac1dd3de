using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Jstp.Transport.Mdsf;

/// <summary>Every complaint of the MDSF codec, kept out of the methods that raise it.</summary>
internal static class MdsfThrowHelper
{
    /// <summary>Stands for the end of the text where a byte is expected.</summary>
    public const int EndOfText = -1;

    [DoesNotReturn]
    public static void ThrowUnexpected(long offset, string expected, int found) => throw new MdsfException(
        string.Create(CultureInfo.InvariantCulture, $"Bad MDSF at offset {offset}: expected {expected}, found {Describe(found)}."), offset);

    [DoesNotReturn]
    public static void ThrowInvalidUtf8(long offset) =>
        throw new MdsfException(string.Create(CultureInfo.InvariantCulture, $"Bad MDSF at offset {offset}: expected valid UTF-8."), offset);

    [DoesNotReturn]
    public static void ThrowInvalidCodePoint(long offset) => throw new MdsfException(
        string.Create(CultureInfo.InvariantCulture, $"Bad MDSF at offset {offset}: expected a code point of at most 10FFFF."), offset);

    [DoesNotReturn]
    public static void ThrowTooDeep(long offset, int maxDepth) => throw new MdsfException(
        string.Create(CultureInfo.InvariantCulture, $"Bad MDSF at offset {offset}: expected at most {maxDepth} open containers."), offset);

    [DoesNotReturn]
    public static void ThrowTooManyValues(long offset, int maxValueCount) => throw new MdsfException(
        string.Create(CultureInfo.InvariantCulture, $"Bad MDSF at offset {offset}: expected at most {maxValueCount} values."), offset);

    [DoesNotReturn]
    public static void ThrowWrongToken(string wanted, MdsfTokenType actual) =>
        throw new InvalidOperationException($"The reader must stand on {wanted}, but stands on {actual}.");

    [DoesNotReturn]
    public static void ThrowMisuse(string message) => throw new InvalidOperationException(message);

    [DoesNotReturn]
    public static void ThrowWriterTooDeep(int maxDepth) => throw new MdsfConversionException(
        string.Create(CultureInfo.InvariantCulture, $"The value has more than {maxDepth} levels, or contains itself."));

    [DoesNotReturn]
    public static void ThrowInexact<T>(T value)
        where T : notnull => throw new MdsfConversionException(string.Create(
            CultureInfo.InvariantCulture, $"{value} cannot be written: an MDSF number, a double, does not hold it exactly."));

    [DoesNotReturn]
    public static T ThrowDoesNotFit<T>(string target, scoped in MdsfReader reader) =>
        throw new MdsfConversionException($"Expected {target}, found {DescribeToken(reader.TokenType)}.");

    private static string DescribeToken(MdsfTokenType type) => type switch
    {
        MdsfTokenType.StartObject => "an object",
        MdsfTokenType.StartArray => "an array",
        MdsfTokenType.String => "a string that does not fit",
        MdsfTokenType.Number => "a number that does not fit",
        MdsfTokenType.True => "true",
        MdsfTokenType.False => "false",
        MdsfTokenType.Null => "null",
        MdsfTokenType.Undefined => "undefined",
        _ => type.ToString(),
    };

    private static string Describe(int found) => found switch
    {
        EndOfText => "the end of the text",
        > ' ' and < 0x7F => $"'{(char)found}'",
        _ => string.Create(CultureInfo.InvariantCulture, $"byte {found:X2}"),
    };
}
