namespace Jstp.Client.Remote;

/// <summary>
/// Makes a method of a typed proxy send an event instead of a call. One that returns <see cref="ValueTask"/> or <see cref="Task"/> waits for room where too much waits
/// for the server; one that returns nothing throws a <see cref="JstpBufferFullException"/> then.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JstpEmitAttribute : Attribute;
