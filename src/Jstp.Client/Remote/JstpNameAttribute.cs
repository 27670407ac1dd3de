namespace Jstp.Client.Remote;

/// <summary>
/// Names a method or an event of a typed proxy. Without it a method is called like in the code, in camelCase and without the suffix <c>Async</c>, which is the rule of
/// our server; an event in camelCase.
/// </summary>
/// <param name="name">The name as the server spells it, 1 to 256 UTF-16 code units.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Event)]
public sealed class JstpNameAttribute(string name) : Attribute
{
    /// <summary>The name as the server spells it.</summary>
    public string Name { get; } = name;
}
