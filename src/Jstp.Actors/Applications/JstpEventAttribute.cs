namespace Jstp.Actors.Applications;

/// <summary>
/// Makes a method the handler of an event that clients send, instead of a method that they call.
/// </summary>
/// <param name="name">The event name as clients spell it; null for the method name in camelCase, less a prefix <c>On</c> and the suffix <c>Async</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JstpEventAttribute(string? name = null) : Attribute
{
    /// <summary>The event name as clients spell it, or null for the name derived from the method's.</summary>
    public string? Name { get; } = name;
}
