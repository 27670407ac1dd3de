using System.Buffers;
using System.Buffers.Binary;

namespace Jstp.Actors.Persistence.Columns;

/// <summary>Numbers of eight bytes, the lowest first, and bytes behind their count.</summary>
internal static class ColumnFormat
{
    public static void WriteInt64(IBufferWriter<byte> output, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), value);
        output.Advance(sizeof(long));
    }

    public static void WriteBytes(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        WriteInt64(output, bytes.Length);
        output.Write(bytes);
    }

    public static long ReadInt64(ref ReadOnlySpan<byte> column)
    {
        long value = BinaryPrimitives.ReadInt64LittleEndian(column);
        column = column[sizeof(long)..];
        return value;
    }

    public static ReadOnlySpan<byte> ReadBytes(ref ReadOnlySpan<byte> column)
    {
        int length = (int)ReadInt64(ref column);
        ReadOnlySpan<byte> bytes = column[..length];
        column = column[length..];
        return bytes;
    }
}
