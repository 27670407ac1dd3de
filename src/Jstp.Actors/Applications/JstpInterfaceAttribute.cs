namespace Jstp.Actors.Applications;

/// <summary>Names the JSTP interface that a class implements. Without it the class name in camelCase is used, less the suffix <c>Interface</c>.</summary>
/// <param name="name">The interface name as clients spell it, 1 to 256 UTF-16 code units.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class JstpInterfaceAttribute(string name) : Attribute
{
    /// <summary>The interface name as clients spell it.</summary>
    public string Name { get; } = name;
}
