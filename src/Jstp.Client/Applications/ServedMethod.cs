using System.Buffers;
using Jstp.Client.Remote;
using Jstp.Transport.Mdsf;

namespace Jstp.Client.Applications;

/// <summary>A method as it is called: how many arguments it takes, and what it does.</summary>
internal sealed record ServedMethod(int MinCount, int MaxCount, JstpClientMethod Invoke)
{
    /// <summary>A method of so many arguments, and one result.</summary>
    public static ServedMethod Create<TArguments, TResult>(
        int count, JstpResultsReader<TArguments> read, Func<TArguments, CancellationToken, ValueTask<TResult>> method, MdsfConverter<TResult> converter) =>
        new(count, count, (arguments, results, cancellationToken) =>
        {
            var reader = new MdsfReader(arguments.Span);
            reader.Read();

            return WriteResultAsync(results, converter, method(read(ref reader), cancellationToken));
        });

    public bool Accepts(int count) => count >= MinCount && count <= MaxCount;

    private static async ValueTask WriteResultAsync<TResult>(IBufferWriter<byte> results, MdsfConverter<TResult> converter, ValueTask<TResult> task) =>
        WriteResult(results, converter, await task.ConfigureAwait(false));

    private static void WriteResult<TResult>(IBufferWriter<byte> results, MdsfConverter<TResult> converter, TResult result)
    {
        var writer = new MdsfWriter(results);
        writer.WriteStartArray();
        converter.Write(ref writer, result);
        writer.WriteEndArray();
        writer.Flush();
    }
}
