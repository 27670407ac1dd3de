using System.Text.Json.Serialization;
using Jstp.Transport.Mdsf.Json;

namespace Jstp.Transport.Mdsf;

/// <summary>Converts between MDSF and one .NET type. Converters are looked up once, are immutable, and use no reflection.</summary>
/// <typeparam name="T">The type that is converted.</typeparam>
public abstract class MdsfConverter<T> : MdsfConverter
{
    /// <inheritdoc/>
    public sealed override Type Type => typeof(T);

    /// <summary>Reads a value from a reader that stands on its first token, and leaves it on its last.</summary>
    /// <param name="reader">The reader; after an exception it may stand anywhere.</param>
    /// <returns>The value; <see langword="null"/> only for a type that allows it.</returns>
    /// <exception cref="MdsfConversionException">The value does not fit the type.</exception>
    /// <exception cref="MdsfException">The text is not MDSF, is not UTF-8, or exceeds a limit.</exception>
    public abstract T Read(ref MdsfReader reader);

    /// <summary>Writes a value.</summary>
    /// <param name="writer">The writer; after an exception its text is incomplete and must not be flushed.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="MdsfConversionException">MDSF cannot hold the value.</exception>
    public abstract void Write(ref MdsfWriter writer, T value);

    /// <inheritdoc/>
    public sealed override object? ReadAsObject(ref MdsfReader reader) => Read(ref reader);

    /// <inheritdoc/>
    public sealed override void WriteAsObject(ref MdsfWriter writer, object? value)
    {
        if (value is null && default(T) is not null)
        {
            throw new InvalidCastException($"There is no null of type {typeof(T)}.");
        }

        Write(ref writer, (T)value!);
    }

    internal override JsonConverter CreateJsonConverter() => new MdsfJsonConverter<T>(this);

    /// <summary>Whether the token stands for <see langword="null"/> and the type has such a value (mdsf.md, section 5.4).</summary>
    private protected static bool IsNull(scoped in MdsfReader reader) =>
        reader.TokenType is MdsfTokenType.Null or MdsfTokenType.Undefined && default(T) is null;
}
