using System.Text.Json.Serialization;

namespace Jstp.Transport.Mdsf;

/// <summary>Converts between MDSF and one .NET type, which is known at run time only; see <see cref="MdsfConverter{T}"/>.</summary>
public abstract class MdsfConverter
{
    private protected MdsfConverter()
    {
    }

    /// <summary>The type that is converted.</summary>
    public abstract Type Type { get; }

    /// <summary>Reads a value from a reader that stands on its first token, and leaves it on its last.</summary>
    /// <param name="reader">The reader; after an exception it may stand anywhere.</param>
    /// <returns>The value, boxed if need be.</returns>
    /// <exception cref="MdsfConversionException">The value does not fit the type.</exception>
    /// <exception cref="MdsfException">The text is not MDSF, is not UTF-8, or exceeds a limit.</exception>
    public abstract object? ReadAsObject(ref MdsfReader reader);

    /// <summary>Writes a value.</summary>
    /// <param name="writer">The writer; after an exception its text is incomplete and must not be flushed.</param>
    /// <param name="value">A value of the type.</param>
    /// <exception cref="InvalidCastException">The value is not of the type.</exception>
    /// <exception cref="MdsfConversionException">MDSF cannot hold the value.</exception>
    public abstract void WriteAsObject(ref MdsfWriter writer, object? value);

    /// <summary>Makes the converter that does the same inside of a user's type, where System.Text.Json is in charge.</summary>
    internal abstract JsonConverter CreateJsonConverter();
}
