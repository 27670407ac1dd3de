using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Jstp.Transport.Mdsf.Json;

/// <summary>Converts a user's type by its System.Text.Json contract, through JSON in memory that is used again.</summary>
internal sealed class JsonContractConverter<T>(JsonTypeInfo<T> contract) : MdsfConverter<T>
{
    public override T Read(ref MdsfReader reader)
    {
        JsonScratch scratch = JsonScratch.Rent();

        try
        {
            JsonTranscoder.ToJson(ref reader, scratch.Writer);
            scratch.Writer.Flush();
            return JsonSerializer.Deserialize(scratch.Written, contract)!;
        }
        catch (JsonException error)
        {
            throw new MdsfConversionException(Describe(error), error);
        }
        catch (NotSupportedException error)
        {
            throw new MdsfConversionException($"{typeof(T).Name} cannot be read: {error.Message}", error);
        }
        finally
        {
            scratch.Return();
        }
    }

    public override void Write(ref MdsfWriter writer, T value)
    {
        JsonScratch scratch = JsonScratch.Rent();

        try
        {
            JsonSerializer.Serialize(scratch.Writer, value, contract);
            scratch.Writer.Flush();
            JsonTranscoder.ToMdsf(scratch.Written, ref writer);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            // Cycles end here too: as too many levels.
            throw new MdsfConversionException($"{typeof(T).Name} cannot be written: {error.Message}", error);
        }
        finally
        {
            scratch.Return();
        }
    }

    private static string Describe(JsonException error) => error.Path is null or "$"
        ? $"The value does not fit {typeof(T).Name}."
        : $"The value at {error.Path} does not fit {typeof(T).Name}.";
}
