using System.Runtime.InteropServices;

namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts arrays, lists and what else holds elements in order.</summary>
/// <param name="element">Converts the elements.</param>
/// <param name="create">Makes the collection from its elements, whose list it may keep.</param>
internal sealed class SequenceConverter<TCollection, TElement>(MdsfConverter<TElement> element, Func<List<TElement>, TCollection> create)
    : MdsfConverter<TCollection>
    where TCollection : IEnumerable<TElement>
{
    public override TCollection Read(ref MdsfReader reader)
    {
        if (reader.TokenType != MdsfTokenType.StartArray)
        {
            return IsNull(reader) ? default! : MdsfThrowHelper.ThrowDoesNotFit<TCollection>("an array", reader);
        }

        List<TElement> elements = [];

        while (reader.Read() && reader.TokenType != MdsfTokenType.EndArray)
        {
            elements.Add(element.Read(ref reader));
        }

        return create(elements);
    }

    public override void Write(ref MdsfWriter writer, TCollection value)
    {
        if (value is null)
        {
            writer.WriteNull();
            return;
        }

        writer.WriteStartArray();

        if (value is TElement[] array)
        {
            WriteAll(ref writer, array);
        }
        else if (value is List<TElement> list)
        {
            WriteAll(ref writer, CollectionsMarshal.AsSpan(list));
        }
        else
        {
            foreach (TElement item in value)
            {
                element.Write(ref writer, item);
            }
        }

        writer.WriteEndArray();
    }

    private void WriteAll(ref MdsfWriter writer, ReadOnlySpan<TElement> items)
    {
        foreach (TElement item in items)
        {
            element.Write(ref writer, item);
        }
    }
}
