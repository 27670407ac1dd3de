using System.Diagnostics.CodeAnalysis;

namespace Jstp.Transport.Mdsf;

/// <summary>What a <see cref="MdsfReader"/> stands on.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The words of mdsf.md, section 1.")]
public enum MdsfTokenType : byte
{
    /// <summary>Nothing: before the first token, or behind the last.</summary>
    None,

    /// <summary>The opening brace of an object.</summary>
    StartObject,

    /// <summary>The closing brace of an object.</summary>
    EndObject,

    /// <summary>The opening bracket of an array.</summary>
    StartArray,

    /// <summary>The closing bracket of an array.</summary>
    EndArray,

    /// <summary>The key of a member: a string, a bare name or an unsigned number.</summary>
    PropertyName,

    /// <summary>A string in single or double quotes.</summary>
    String,

    /// <summary>A number in any notation, <c>NaN</c> and the infinities included.</summary>
    Number,

    /// <summary>The word <c>true</c>.</summary>
    True,

    /// <summary>The word <c>false</c>.</summary>
    False,

    /// <summary>The word <c>null</c>.</summary>
    Null,

    /// <summary>The word <c>undefined</c>, or an array element that is left out (its text is then empty).</summary>
    Undefined,
}
