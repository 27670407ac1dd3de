using System.Diagnostics.CodeAnalysis;

namespace Jstp.Transport.Mdsf;

/// <summary>Converts a type whose values travel as objects, by the rules for members (mdsf.md, section 1). Generated code derives from it, a class for each type.</summary>
/// <typeparam name="T">The type that is converted; of a reference type with null.</typeparam>
public abstract class MdsfObjectConverter<T> : MdsfConverter<T>
{
    /// <inheritdoc/>
    public sealed override T Read(ref MdsfReader reader)
    {
        if (reader.TokenType != MdsfTokenType.StartObject)
        {
            return IsNull(reader) ? default! : MdsfThrowHelper.ThrowDoesNotFit<T>("an object", reader);
        }

        return ReadMembers(ref reader);
    }

    /// <inheritdoc/>
    public sealed override void Write(ref MdsfWriter writer, T value)
    {
        if (value is null)
        {
            writer.WriteNull();
            return;
        }

        writer.WriteStartObject();
        WriteMembers(ref writer, value);
        writer.WriteEndObject();
    }

    /// <summary>Reads the members up to the end of the object, by <see cref="NextMember"/> and <see cref="NextValue"/>, and makes the value.</summary>
    protected abstract T ReadMembers(ref MdsfReader reader);

    /// <summary>Writes the members, each a name and a value.</summary>
    protected abstract void WriteMembers(ref MdsfWriter writer, [DisallowNull] T value);

    /// <summary>Goes to the name of the next member.</summary>
    /// <returns><see langword="false"/> when there is none; the reader then stands on the end of the object.</returns>
    protected static bool NextMember(ref MdsfReader reader)
    {
        while (reader.Read() && reader.TokenType != MdsfTokenType.EndObject)
        {
            if (!reader.ValueTextEquals("__proto__"u8))
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    /// <summary>Goes from the name of a member to its value.</summary>
    /// <returns><see langword="false"/> if it is undefined, so that the member counts as absent.</returns>
    protected static bool NextValue(ref MdsfReader reader)
    {
        reader.Read();

        return reader.TokenType != MdsfTokenType.Undefined;
    }

    /// <summary>Refuses an object without a member that the type needs.</summary>
    /// <exception cref="MdsfConversionException">Always.</exception>
    [DoesNotReturn]
    protected static void ThrowMissing(string name) => throw new MdsfConversionException($"Expected an object with the member '{name}', found none.");
}
