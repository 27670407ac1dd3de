using System.IO.Pipelines;
using System.Text;
using Jstp.Transport.Streams;

namespace Jstp.Transport.Tests.Streams;

public sealed class JstpStreamWriterTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public async Task Write_AnyLength_IsTheTextAndAZeroByte(int length)
    {
        string text = new('x', length);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));

        JstpStreamWriter.Write(pipe.Writer, Encoding.UTF8.GetBytes(text));
        JstpStreamWriter.Write(pipe.Writer, "{}"u8);
        await pipe.Writer.CompleteAsync();

        ReadResult result = await pipe.Reader.ReadAtLeastAsync(length + 4);
        Assert.Equal(text + "\0{}\0", Encoding.UTF8.GetString(result.Buffer));
        await pipe.Reader.CompleteAsync();
    }
}
