namespace Jstp.Actors.Applications;

/// <summary>
/// Says of a method or event handler that to execute it twice does no harm. A call that was received by a node which then died, and of which nobody
/// knows how far it came, is executed again on the node where the client resumes its session; without this attribute it is answered with error -1
/// (protocol page, 10.5). Works on lambdas, too. It has an effect only with a session store, and needs no answer to be lost where
/// <see cref="Persistence.SessionDurability.Strict"/> is chosen.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JstpSafeToRepeatAttribute : Attribute;
