namespace Jstp.Actors.Applications;

/// <summary>Renames a JSTP method. Without it the method name in camelCase, less the suffix <c>Async</c>, is used.</summary>
/// <param name="name">The method name as clients spell it, 1 to 256 UTF-16 code units.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JstpMethodAttribute(string name) : Attribute
{
    /// <summary>The method name as clients spell it.</summary>
    public string Name { get; } = name;
}
