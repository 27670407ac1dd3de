using System.Buffers;
using System.Text;
using System.Text.Json;
using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Tests.Mdsf;

/// <summary>The examples of <c>docs/mdsf.md</c>.</summary>
public sealed class MdsfDocumentationTests
{
    private sealed record Item(string Sku, int Count, string? Note);

    [Fact]
    public void Example_ConvertingValues_IsRight()
    {
        string text = MdsfSerializer.Default.SerializeToString(new Item("bolt", 5, null));
        Item item = MdsfSerializer.Default.Deserialize<Item>("{sku:\"nut\", count:2.0}"u8);

        Assert.Equal("{sku:'bolt',count:5,note:null}", text);
        Assert.Equal(new Item("nut", 2, null), item);
    }

    [Fact]
    public void Example_Options_IsRight()
    {
        JsonSerializerOptions options = MdsfSerializer.CreateJsonOptions();
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        var serializer = new MdsfSerializer(options);

        Assert.Equal("{is_nullish:true}", serializer.SerializeToString(new { IsNullish = true }));
    }

    [Fact]
    public void Example_ValuesOfAnyShape_IsRight()
    {
        MdsfValue message = MdsfValue.Parse("{call: [7, 'chat'], send: ['hello', {to: 'ann'}]}");

        string first = message.Members[0].Key;
        double id = message["call"][0].AsNumber();
        bool hasTopic = !message["send"][1]["topic"].IsNullish;

        MdsfValue answer = MdsfValue.CreateObject(
            ("callback", new MdsfValue[] { id }),
            ("ok", new MdsfValue[] { "done", 0.5, true, MdsfValue.Null }));

        Assert.Equal(("call", 7, false), (first, id, hasTopic));
        Assert.Equal("{callback:[7],ok:['done',0.5,true,null]}", answer.ToString());
    }

    [Fact]
    public void Example_Reader_IsRight()
    {
        var tags = new List<string>();
        int max = 0;
        var reader = new MdsfReader("{max: 5, tags: ['a', 'b',, ]}"u8);

        while (reader.Read())
        {
            if (reader.TokenType == MdsfTokenType.PropertyName && reader.ValueTextEquals("max"u8))
            {
                reader.Read();
                reader.TryGetInt32(out max);
            }
            else if (reader.TokenType == MdsfTokenType.String)
            {
                tags.Add(reader.GetString());
            }
        }

        Assert.Equal(5, max);
        Assert.Equal(["a", "b"], tags);
    }

    [Fact]
    public void Example_Writer_IsRight()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MdsfWriter(output);
        writer.WriteStartObject();
        writer.WritePropertyName("ping"u8);
        writer.WriteStartArray();
        writer.WriteNumber(3);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();

        Assert.Equal("{ping:[3]}", Encoding.UTF8.GetString(output.WrittenSpan));
    }
}
