using System.Buffers;
using System.Text;
using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Persistence.Columns;

/// <summary>
/// The stored form of an application's values: for each its name and its MDSF text, either behind its length in bytes. They are not one MDSF object,
/// as that would be one level deeper than what a reader accepts, and has no place for undefined.
/// </summary>
internal static class DataColumn
{
    private static readonly Dictionary<string, MdsfValue> NoData = [];

    public static byte[] Write(IReadOnlyDictionary<string, MdsfValue> data)
    {
        var output = new ArrayBufferWriter<byte>();
        var text = new ArrayBufferWriter<byte>();

        foreach ((string name, MdsfValue value) in data)
        {
            ColumnFormat.WriteBytes(output, Encoding.UTF8.GetBytes(TextColumn.Escape(name)));
            text.ResetWrittenCount();
            var writer = new MdsfWriter(text);
            value.WriteTo(ref writer);
            writer.Flush();
            ColumnFormat.WriteBytes(output, text.WrittenSpan);
        }

        return output.WrittenSpan.ToArray();
    }

    public static IReadOnlyDictionary<string, MdsfValue> Read(ReadOnlySpan<byte> column)
    {
        if (column.IsEmpty)
        {
            return NoData;
        }

        var data = new Dictionary<string, MdsfValue>();

        while (!column.IsEmpty)
        {
            string name = TextColumn.Unescape(Encoding.UTF8.GetString(ColumnFormat.ReadBytes(ref column)));
            data.Add(name, MdsfValue.Parse(ColumnFormat.ReadBytes(ref column)));
        }

        return data;
    }
}
