namespace Jstp.Transport.Mdsf;

/// <summary>How a reader holds the number it stands on.</summary>
internal enum NumberForm : byte
{
    /// <summary>The token is not a number.</summary>
    None,

    /// <summary>A whole number of at most 15 digits, which a double holds exactly.</summary>
    Integer,

    /// <summary>Decimal text, converted when it is asked for.</summary>
    Decimal,

    /// <summary>A double: the word or the digits of another radix are converted already.</summary>
    Binary,
}
