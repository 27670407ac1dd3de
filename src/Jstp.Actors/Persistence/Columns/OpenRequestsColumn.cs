using System.Buffers;

namespace Jstp.Actors.Persistence.Columns;

/// <summary>The stored form of open requests: for each its id, whether it is a call, and its text behind its length in bytes.</summary>
internal static class OpenRequestsColumn
{
    public static byte[] Write(IReadOnlyList<OpenRequest> requests)
    {
        var output = new ArrayBufferWriter<byte>();

        foreach (OpenRequest request in requests)
        {
            ColumnFormat.WriteInt64(output, request.Id);
            ColumnFormat.WriteInt64(output, request.IsCall ? 1 : 0);
            ColumnFormat.WriteBytes(output, request.Text.Span);
        }

        return output.WrittenSpan.ToArray();
    }

    public static IReadOnlyList<OpenRequest> Read(ReadOnlySpan<byte> column)
    {
        if (column.IsEmpty)
        {
            return [];
        }

        var requests = new List<OpenRequest>();

        while (!column.IsEmpty)
        {
            long id = ColumnFormat.ReadInt64(ref column);
            bool isCall = ColumnFormat.ReadInt64(ref column) != 0;
            requests.Add(new OpenRequest(id, isCall, ColumnFormat.ReadBytes(ref column).ToArray()));
        }

        return requests;
    }
}
