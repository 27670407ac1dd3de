namespace Jstp.Actors.Kernel.Internal;

/// <summary>A message whose sender waits for an answer, and learns at once that none will come.</summary>
internal sealed class AskMessage<TMessage, TReply>(TMessage message, ReplyTo<TReply> replyTo) : UserMessage<TMessage>(message)
{
    internal override void Abandon(ActorRef recipient, Exception? failure)
    {
        string text = failure is null
            ? $"{recipient.Path} does not answer {typeof(TMessage).Name}: it has stopped, or its mailbox is full."
            : $"{recipient.Path} failed on {typeof(TMessage).Name}.";

        replyTo.Fail(new AskFailedException(text, failure));
    }
}
