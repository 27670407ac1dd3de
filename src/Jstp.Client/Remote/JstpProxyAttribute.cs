namespace Jstp.Client.Remote;

/// <summary>
/// Makes a partial interface the typed proxy of an interface of the server: its methods call, its events listen. The generator that comes with this library
/// implements it, and refuses at compile time what cannot be mapped.
/// </summary>
/// <param name="name">The name as the server spells it, 1 to 256 UTF-16 code units; null for the name in camelCase, less the prefix <c>I</c> and the suffix <c>Interface</c>.</param>
[AttributeUsage(AttributeTargets.Interface, Inherited = false)]
public sealed class JstpProxyAttribute(string? name = null) : Attribute
{
    /// <summary>The name as the server spells it, or null for the name derived from the interface's.</summary>
    public string? Name { get; } = name;
}
