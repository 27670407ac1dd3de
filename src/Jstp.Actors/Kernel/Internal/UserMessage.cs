namespace Jstp.Actors.Kernel.Internal;

/// <summary>A message that was told.</summary>
internal class UserMessage<TMessage>(TMessage message) : MailboxNode
{
    internal TMessage Message => message;

    internal sealed override string Description => (message?.GetType() ?? typeof(TMessage)).Name;
}
