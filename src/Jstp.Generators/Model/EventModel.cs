namespace Jstp.Generators.Model;

/// <summary>An event of a proxy.</summary>
/// <param name="DeclaringType">The interface that declares it.</param>
/// <param name="Name">Its name in the code.</param>
/// <param name="RemoteName">Its name on the server.</param>
/// <param name="DeclaredType">Its type as the interface declares it.</param>
/// <param name="DelegateType">The delegate, which is never null.</param>
/// <param name="Converters">The converter of each argument.</param>
internal sealed record EventModel(
    string DeclaringType, string Name, string RemoteName, string DeclaredType, string DelegateType, EquatableArray<string> Converters);
