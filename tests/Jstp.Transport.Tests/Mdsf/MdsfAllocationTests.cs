using System.Buffers;
using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Tests.Mdsf;

/// <summary>The path of every message makes no garbage.</summary>
public sealed class MdsfAllocationTests
{
    private const int Rounds = 1_000;

    private readonly ArrayBufferWriter<byte> _output = new(1024);

    [Fact]
    public void Read_Message_AllocatesNothing()
    {
        long allocated = Measure(static () =>
        {
            var reader = new MdsfReader("{call:[1,'echo'],value:['sixteen bytes!!!',-0.5,1e3,'it\\'s é',[[]],{é:null}]}"u8);

            while (reader.Read())
            {
                _ = reader.TokenType == MdsfTokenType.Number ? reader.GetDouble() : 0;
            }
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Write_Message_AllocatesNothing()
    {
        long allocated = Measure(() =>
        {
            _output.ResetWrittenCount();
            var writer = new MdsfWriter(_output);
            writer.WriteStartObject();
            writer.WritePropertyName("callback"u8);
            writer.WriteStartArray();
            writer.WriteNumber(123456);
            writer.WriteNumber(0.25);
            writer.WriteNumber(1.5e-7);
            writer.WriteNumber(0.1m);
            writer.WriteString("sixteen bytes!!!");
            writer.WriteString("it's é\u2028");
            writer.WriteStringUtf8("plain"u8);
            writer.WriteEndArray();
            writer.WritePropertyName("a-b");
            writer.WriteNull();
            writer.WriteEndObject();
            writer.Flush();
        });

        Assert.Equal(0, allocated);
    }

    private static long Measure(Action action)
    {
        // Warm until tiered compilation has nothing left to allocate on this thread.
        for (int i = 0; i < Rounds; i++)
        {
            action();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < Rounds; i++)
        {
            action();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
