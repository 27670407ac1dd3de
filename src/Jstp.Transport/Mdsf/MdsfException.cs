namespace Jstp.Transport.Mdsf;

/// <summary>A text is not MDSF, or exceeds a limit of its reader. The text as a whole is refused.</summary>
public sealed class MdsfException : FormatException
{
    /// <summary>Reports what is wrong at a place of the text.</summary>
    /// <param name="message">What was expected and what was found, for the log; it must not reach the peer.</param>
    /// <param name="offset">The byte offset in the text.</param>
    public MdsfException(string message, long offset)
        : base(message) => Offset = offset;

    /// <summary>Where the text is wrong: a byte offset from its beginning.</summary>
    public long Offset { get; }
}
