namespace Jstp.Actors.Kernel;

/// <summary>A question that will not be answered: the actor has stopped, could not take the message, or failed on it.</summary>
public sealed class AskFailedException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Who does not answer, and why.</param>
    /// <param name="innerException">The actor's failure, if there was one.</param>
    public AskFailedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
