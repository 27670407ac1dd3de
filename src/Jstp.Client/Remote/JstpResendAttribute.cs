namespace Jstp.Client.Remote;

/// <summary>
/// Makes a method of a typed proxy call again, with the same arguments, as often as its answer is lost with a connection: for methods that may run more than once
/// (protocol page, section 12).
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JstpResendAttribute : Attribute;
