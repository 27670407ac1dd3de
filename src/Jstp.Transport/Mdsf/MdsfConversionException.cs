namespace Jstp.Transport.Mdsf;

/// <summary>
/// A well-formed value does not fit where it should go: an MDSF value into the .NET type that reads it, or a .NET value into MDSF.
/// One value dies of it; the text that holds it may be all right.
/// </summary>
public sealed class MdsfConversionException : Exception
{
    /// <summary>Reports what does not fit.</summary>
    /// <param name="message">What was expected and what was found.</param>
    /// <param name="innerException">What the conversion of a user's type stumbled over, if that is known.</param>
    public MdsfConversionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
