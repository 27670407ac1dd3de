using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

public sealed class MaskingTests
{
    private static readonly byte[] Key = [0x37, 0xFA, 0x21, 0x3D];

    [Fact]
    public void Apply_AnyLengthAlignmentAndOffset_EqualsByteByByte()
    {
        byte[] source = new byte[300];
        new Random(3).NextBytes(source);
        uint key = BitConverter.ToUInt32(Key);

        for (int start = 0; start < 9; start++)
        {
            for (int length = 0; length < source.Length - start; length++)
            {
                byte[] actual = [.. source];
                Masking.Apply(actual.AsSpan(start, length), Masking.Advance(key, start));
                byte[] expected = [.. source.Select((value, i) => i >= start && i < start + length ? (byte)(value ^ Key[i % 4]) : value)];
                Assert.Equal(expected, actual);
            }
        }
    }

    [Fact]
    public void Advance_InSteps_EqualsOneStep()
    {
        uint key = BitConverter.ToUInt32(Key);

        for (int first = 0; first < 8; first++)
        {
            for (int second = 0; second < 8; second++)
            {
                Assert.Equal(Masking.Advance(key, first + second), Masking.Advance(Masking.Advance(key, first), second));
            }
        }
    }
}
