using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jstp.Transport.Mdsf.Json;

/// <summary>Lets an MDSF converter do the work inside of a user's type, for types that System.Text.Json would treat otherwise.</summary>
internal sealed class MdsfJsonConverter<T>(MdsfConverter<T> converter) : JsonConverter<T>
{
    public override bool HandleNull => true;

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var text = new MdsfReader(JsonMarshal.GetRawUtf8Value(document.RootElement));
        text.Read();
        return converter.Read(ref text);
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        JsonScratch scratch = JsonScratch.Rent();

        try
        {
            var text = new MdsfWriter(scratch.Buffer);
            converter.Write(ref text, value);
            text.Flush();
            var reader = new MdsfReader(scratch.Written);
            reader.Read();
            JsonTranscoder.ToJson(ref reader, writer);
        }
        finally
        {
            scratch.Return();
        }
    }
}
