using System.Text.Json.Serialization;
using Jstp.Transport.Mdsf.Json;

namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts a type whose values travel as strings.</summary>
/// <param name="description">What the strings hold, for messages: "a date".</param>
internal abstract class TextConverter<T>(string description) : MdsfConverter<T>
{
    public abstract bool TryParse(string text, out T value);

    public abstract string Format(T value);

    public sealed override T Read(ref MdsfReader reader)
    {
        if (reader.TokenType == MdsfTokenType.String && TryParse(reader.GetString(), out T value))
        {
            return value;
        }

        return IsNull(reader) ? default! : MdsfThrowHelper.ThrowDoesNotFit<T>(description, reader);
    }

    public sealed override void Write(ref MdsfWriter writer, T value) => writer.WriteString(value is null ? null : Format(value));

    internal sealed override JsonConverter CreateJsonConverter() => new TextJsonConverter<T>(this);
}
