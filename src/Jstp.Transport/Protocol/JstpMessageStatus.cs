namespace Jstp.Transport.Protocol;

/// <summary>Whether a text is a JSTP message, and if not, which rule of the protocol page, section 4, it breaks.</summary>
public enum JstpMessageStatus : byte
{
    /// <summary>A message that can be handled.</summary>
    Ok,

    /// <summary>Rule 1: the text does not parse, or it exceeds a limit of the reader.</summary>
    BadText,

    /// <summary>Rule 2: the top-level value is not an object.</summary>
    NotAnObject,

    /// <summary>Rule 8: the value of a known kind is not an array.</summary>
    KindValueNotArray,

    /// <summary>Section 3: in the place of the id stands no integer of magnitude 2^53 - 1 or less, or nothing.</summary>
    InvalidId,
}
