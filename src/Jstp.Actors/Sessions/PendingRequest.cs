using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Sessions;

/// <summary>A call, inspect or ping of the server that the client has not answered. Completing it twice does nothing.</summary>
internal sealed class PendingRequest
{
    // Continuations are the application's code and must not run inside a turn of the connection.
    private readonly TaskCompletionSource<IReadOnlyList<MdsfValue>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The results, or a <see cref="JstpException"/> with the client's error.</summary>
    public Task<IReadOnlyList<MdsfValue>> Answer => _answer.Task;

    public void Complete(IReadOnlyList<MdsfValue> results) => _answer.TrySetResult(results);

    public void Fail(Exception error) => _answer.TrySetException(error);

    /// <summary>Fails the request with -1: the client may or may not have executed it (protocol page, 10.5).</summary>
    public void FailAsLost() => Fail(new JstpException(JstpErrorCode.CallbackLost));

    public void Cancel(CancellationToken cancellationToken) => _answer.TrySetCanceled(cancellationToken);
}
