namespace Jstp.Actors.Kernel;

/// <summary>
/// The return address that an asked message carries. The first completion counts, later ones are ignored, and an answer that
/// comes after the asker gave up is lost. Safe to use from any thread.
/// </summary>
/// <typeparam name="TReply">What is answered.</typeparam>
public sealed class ReplyTo<TReply>
{
    // Continuations must not run inside the turn that answers.
    private readonly TaskCompletionSource<TReply> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ReplyTo()
    {
    }

    internal Task<TReply> Reply => _completion.Task;

    /// <summary>Answers.</summary>
    /// <returns>Whether this was the first completion.</returns>
    public bool Tell(TReply reply) => _completion.TrySetResult(reply);

    /// <summary>Answers with an exception, which the asker's <see langword="await"/> throws.</summary>
    /// <returns>Whether this was the first completion.</returns>
    public bool Fail(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return _completion.TrySetException(exception);
    }
}
