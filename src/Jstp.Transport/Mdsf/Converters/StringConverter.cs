using System.Text.Json.Serialization;
using Jstp.Transport.Mdsf.Json;

namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts strings, unpaired surrogates included.</summary>
internal sealed class StringConverter : MdsfConverter<string?>
{
    public override string? Read(ref MdsfReader reader)
    {
        if (reader.TokenType == MdsfTokenType.String)
        {
            return reader.GetString();
        }

        return IsNull(reader) ? null : MdsfThrowHelper.ThrowDoesNotFit<string?>("a string", reader);
    }

    public override void Write(ref MdsfWriter writer, string? value) => writer.WriteString(value);

    internal override JsonConverter CreateJsonConverter() => new StringJsonConverter();
}
