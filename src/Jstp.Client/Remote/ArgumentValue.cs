using Jstp.Transport.Mdsf;

namespace Jstp.Client.Remote;

/// <summary>Reads values out of an array that may be shorter than expected: what is missing is undefined, as in JavaScript.</summary>
internal static class ArgumentValue
{
    /// <summary>Reads the next value of the array that the reader is in.</summary>
    public static T Next<T>(ref MdsfReader reader, MdsfConverter<T> converter)
    {
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
