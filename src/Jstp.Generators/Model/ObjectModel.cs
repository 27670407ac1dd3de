namespace Jstp.Generators.Model;

/// <summary>A user's type whose values travel as objects.</summary>
/// <param name="ConverterName">The class that converts it.</param>
/// <param name="Type">The type.</param>
/// <param name="IsValueType">Whether it is a struct.</param>
/// <param name="ConstructorMembers">The positions, in <paramref name="Members"/>, of what its constructor takes.</param>
/// <param name="Members">Its members.</param>
internal sealed record ObjectModel(
    string ConverterName, string Type, bool IsValueType, EquatableArray<int> ConstructorMembers, EquatableArray<ObjectMemberModel> Members);
