namespace Jstp.Generators.Model;

/// <summary>A member of a user's type.</summary>
/// <param name="Name">The property.</param>
/// <param name="RemoteName">Its name in objects.</param>
/// <param name="Type">Its type.</param>
/// <param name="Converter">Its converter.</param>
/// <param name="Access">How it gets its value.</param>
/// <param name="IsRequired">Whether an object without it is refused.</param>
/// <param name="Default">What it is when it is absent and goes to a constructor.</param>
/// <param name="DeclaringType">The type that declares the property.</param>
/// <param name="IsWritten">Whether objects have it.</param>
/// <param name="IsOmittedWhenNull">Whether they lack it while it is null.</param>
internal sealed record ObjectMemberModel(
    string Name,
    string RemoteName,
    string Type,
    string Converter,
    MemberAccess Access,
    bool IsRequired,
    string Default,
    string DeclaringType,
    bool IsWritten,
    bool IsOmittedWhenNull);
