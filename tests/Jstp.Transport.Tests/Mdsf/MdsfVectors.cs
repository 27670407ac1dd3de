using System.Globalization;
using System.Text;
using System.Text.Json;
using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Tests.Mdsf;

/// <summary>The vectors of <c>tests/data/mdsf-vectors.json</c>, found by their ids.</summary>
internal static class MdsfVectors
{
    private static readonly JsonElement Root = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "mdsf-vectors.json"))).RootElement;

    public static IReadOnlyDictionary<string, JsonElement> Parse { get; } = Index("parse");

    public static IReadOnlyDictionary<string, JsonElement> Stringify { get; } = Index("stringify");

    /// <summary>The text of a parse vector; repeated parts are written out.</summary>
    public static string Input(JsonElement vector)
    {
        if (vector.TryGetProperty("input", out JsonElement input))
        {
            return input.GetString()!;
        }

        var text = new StringBuilder();

        foreach (JsonElement part in vector.GetProperty("inputParts").EnumerateArray())
        {
            text.Insert(text.Length, part[0].GetString()!, part[1].GetInt32());
        }

        return text.ToString();
    }

    /// <summary>The value that an encoded value of the file stands for; <see langword="null"/> if only JavaScript has it.</summary>
    public static MdsfValue? Decode(JsonElement encoded)
    {
        switch (encoded.ValueKind)
        {
            case JsonValueKind.Null:
                return MdsfValue.Null;
            case JsonValueKind.True or JsonValueKind.False:
                return encoded.GetBoolean();
            case JsonValueKind.Number:
                return encoded.GetDouble();
            case JsonValueKind.String:
                return encoded.GetString();
            case JsonValueKind.Array:
                MdsfValue?[] elements = [.. encoded.EnumerateArray().Select(Decode)];
                return Array.Exists(elements, static element => element is null) ? null : MdsfValue.CreateArray(elements!);
            default:
                return encoded.TryGetProperty("$", out JsonElement special) && special.ValueKind == JsonValueKind.String
                    ? DecodeSpecial(special.GetString()!, encoded)
                    : DecodeMembers(encoded.EnumerateObject().Select(static member => (member.Name, Decode(member.Value))));
        }
    }

    private static MdsfValue? DecodeSpecial(string special, JsonElement encoded) => special switch
    {
        "undefined" or "hole" => MdsfValue.Undefined,
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        "-0" => -0.0,
        "utf16" => DecodeCodeUnits(encoded.GetProperty("hex").GetString()!),
        "object" => DecodeMembers(
            encoded.GetProperty("entries").EnumerateArray().Select(static entry => (entry[0].GetString()!, Decode(entry[1])))),
        "date" => DecodeDate(encoded.GetProperty("iso").GetString()),
        "bytes" => Serialize(encoded.GetProperty("base64").GetBytesFromBase64()),
        "host" or "toJSON" or "toMDSF" => null,
        _ => throw new InvalidDataException($"Unknown encoding {special}."),
    };

    private static string DecodeCodeUnits(string hex) =>
        new([.. hex.Chunk(4).Select(static unit => (char)int.Parse(unit, NumberStyles.HexNumber, CultureInfo.InvariantCulture))]);

    // .NET has neither invalid dates nor the year 12345: null and plain text are what a program would use for them.
    private static MdsfValue DecodeDate(string? iso) =>
        DateTimeOffset.TryParse(iso, CultureInfo.InvariantCulture, out DateTimeOffset date) ? Serialize(date) : iso;

    private static MdsfValue Serialize<T>(T value) => MdsfValue.Parse(MdsfSerializer.Default.SerializeToUtf8Bytes(value));

    private static MdsfValue? DecodeMembers(IEnumerable<(string Name, MdsfValue? Value)> members)
    {
        (string, MdsfValue?)[] all = [.. members];
        return Array.Exists(all, static member => member.Item2 is null) ? null : MdsfValue.CreateObject(all!);
    }

    private static Dictionary<string, JsonElement> Index(string section) =>
        Root.GetProperty(section).EnumerateArray().ToDictionary(static vector => vector.GetProperty("id").GetString()!);
}
