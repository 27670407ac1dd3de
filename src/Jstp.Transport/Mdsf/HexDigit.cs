namespace Jstp.Transport.Mdsf;

/// <summary>Hexadecimal digits as ASCII bytes.</summary>
internal static class HexDigit
{
    /// <summary>The value of a digit, 0 to 15; the byte must be one.</summary>
    public static int Value(int digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    /// <summary>The lower-case digit of a value from 0 to 15.</summary>
    public static byte FromValue(int value) => (byte)(value < 10 ? '0' + value : 'a' + value - 10);
}
