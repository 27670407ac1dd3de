using Jstp.Transport.Mdsf;

namespace Jstp.Client.Remote;

/// <summary>Reads arguments or results out of an array that may be shorter than expected: what is missing is undefined, as in JavaScript. For generated code.</summary>
public static class JstpValue
{
    /// <summary>Reads the next value of the array that the reader is in.</summary>
    /// <typeparam name="T">What the value becomes.</typeparam>
    /// <param name="reader">The reader, on the start of the array or on the end of the value before.</param>
    /// <param name="converter">Converts the value.</param>
    /// <exception cref="MdsfConversionException">The value does not fit the type.</exception>
    public static T ReadNext<T>(ref MdsfReader reader, MdsfConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);

        // The end of an array that is itself a value is not the end of the values.
        bool hasEnded = reader.TokenType == MdsfTokenType.EndArray && reader.CurrentDepth == 0;

        if (!hasEnded && reader.Read() && reader.TokenType != MdsfTokenType.EndArray)
        {
            return converter.Read(ref reader);
        }

        var missing = new MdsfReader("undefined"u8);
        missing.Read();

        return converter.Read(ref missing);
    }
}
