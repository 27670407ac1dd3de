namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts dictionaries with string keys, by the rules for members (mdsf.md, section 1).</summary>
/// <typeparam name="TDictionary">A type that <see cref="Dictionary{TKey, TValue}"/> can be assigned to.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
internal sealed class DictionaryConverter<TDictionary, TValue>(MdsfConverter<TValue> value) : MdsfConverter<TDictionary>
    where TDictionary : class, IEnumerable<KeyValuePair<string, TValue>>
{
    public override TDictionary Read(ref MdsfReader reader)
    {
        if (reader.TokenType != MdsfTokenType.StartObject)
        {
            return IsNull(reader) ? null! : MdsfThrowHelper.ThrowDoesNotFit<TDictionary>("an object", reader);
        }

        var members = new Dictionary<string, TValue>(StringComparer.Ordinal);

        while (reader.Read() && reader.TokenType != MdsfTokenType.EndObject)
        {
            string name = reader.GetString();
            reader.Read();

            if (name == "__proto__")
            {
                reader.Skip();
            }
            else if (reader.TokenType != MdsfTokenType.Undefined)
            {
                members[name] = value.Read(ref reader);
            }
        }

        return (TDictionary)(object)members;
    }

    public override void Write(ref MdsfWriter writer, TDictionary? members)
    {
        if (members is null)
        {
            writer.WriteNull();
            return;
        }

        writer.WriteStartObject();

        foreach ((string name, TValue member) in members)
        {
            writer.WritePropertyName(name);
            value.Write(ref writer, member);
        }

        writer.WriteEndObject();
    }
}
