namespace Jstp.Actors.Kernel;

/// <summary>A message that nobody will handle.</summary>
/// <param name="Recipient">Whom it was meant for.</param>
/// <param name="Message">The message.</param>
/// <param name="Reason">Why it was not handled.</param>
public sealed record DeadLetter(ActorRef Recipient, object? Message, DeadLetterReason Reason);
