namespace Jstp.Transport.Protocol;

/// <summary>How a name is written in a message.</summary>
internal enum JstpNameForm : byte
{
    /// <summary>The raw text is the name.</summary>
    Plain,

    /// <summary>The raw text holds escapes.</summary>
    Escaped,

    /// <summary>A bare key such as <c>0x10</c>, which stands for the JavaScript text of the number.</summary>
    Number,
}
