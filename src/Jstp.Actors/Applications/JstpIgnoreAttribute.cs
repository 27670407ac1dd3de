namespace Jstp.Actors.Applications;

/// <summary>Hides a public method of an interface class from clients.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JstpIgnoreAttribute : Attribute;
