using System.Text;
using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Tests.Mdsf;

/// <summary>Makes values that are hard on a codec: special numbers, all kinds of characters, members with awkward names.</summary>
internal sealed class RandomValues(Random random)
{
    private static readonly double[] SpecialNumbers =
    [
        0, -0.0, 1, -1, 0.1, 1e15, 1e16, 1e20, 1e21, 1e22, 1e-4, 1e-5, 1e-6, 1e-7, 1.5e-7, 5e-324, double.MaxValue, double.MinValue,
        9007199254740991, 9007199254740992, 9007199254740994, 9223372036854775807, -9223372036854775808, 18446744073709551615,
        123456789012345680, 0.30000000000000004, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 2.2250738585072014e-308,
    ];

    private static readonly string[] SpecialPieces =
    [
        "'", "\"", "\\", "\n", "\r\n", "\0", "\b", "\t", "\v", "\f", "\x1f", "\x7f", "\u0085", "\u00a0", "\u2028", "\u2029", "\ufeff",
        "\ud83d", "\ude80", "\U0001F680", "é", "名", "//", "/*", "*/", "{", "}", ",", ":", "`", "$", "_", "__proto__",
    ];

    private static readonly string[] SpecialNames =
        ["", "__proto__", "a-b", "1", "42", "007", "1.5", "-1", "été", "true", "constructor", "a'b", "ends\\", "\u2028", "$", "_a9", " "];

    public MdsfValue Next(int depth) => random.Next(depth > 0 ? 9 : 6) switch
    {
        0 => random.Next(4) switch { 0 => MdsfValue.Undefined, 1 => MdsfValue.Null, 2 => true, _ => false },
        1 or 2 => NextNumber(),
        3 or 4 or 5 => NextString(),
        6 or 7 => MdsfValue.CreateArray(Enumerable.Range(0, random.Next(5)).Select(_ => Next(depth - 1)).ToArray()),
        _ => MdsfValue.CreateObject(Enumerable.Range(0, random.Next(5)).Select(_ => KeyValuePair.Create(NextName(), Next(depth - 1)))),
    };

    public double NextNumber() => random.Next(5) switch
    {
        0 => SpecialNumbers[random.Next(SpecialNumbers.Length)],
        1 => random.Next(-1000, 1000),
        2 => Math.Round(random.NextDouble() * 1000, random.Next(5)),
        3 => random.NextInt64() * Math.Pow(2, random.Next(-10, 10)),
        _ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
    };

    public string NextString()
    {
        var text = new StringBuilder();

        for (int length = random.Next(7); length > 0; length--)
        {
            text.Append(random.Next(2) == 0 ? NextWord() : SpecialPieces[random.Next(SpecialPieces.Length)]);
        }

        return text.ToString();
    }

    public string NextName() => random.Next(4) switch
    {
        0 => SpecialNames[random.Next(SpecialNames.Length)],
        1 when random.Next(4) == 0 => NextString(),
        _ => NextWord(),
    };

    private string NextWord() => string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => (char)random.Next('a', 'z' + 1)));
}
