using System.Diagnostics.CodeAnalysis;

namespace Jstp.Transport.Mdsf;

/// <summary>The kinds of values that MDSF knows (mdsf.md, section 1).</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The words of mdsf.md, section 1.")]
public enum MdsfValueKind : byte
{
    /// <summary>The value <c>undefined</c>; as a member, absence.</summary>
    Undefined,

    /// <summary>The value <c>null</c>.</summary>
    Null,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A double.</summary>
    Number,

    /// <summary>A sequence of UTF-16 code units.</summary>
    String,

    /// <summary>A sequence of values.</summary>
    Array,

    /// <summary>Named values in the order of their first appearance.</summary>
    Object,
}
