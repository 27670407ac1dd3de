using System.Buffers;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// Something that waits to be written or is being written, frame by frame. Until its first frame it can be cancelled without a trace; after it, it is
/// finished whatever its token says, since the peer waits for the rest.
/// </summary>
internal abstract class SendOperation
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _cancellation;
    private int _begun;

    /// <summary>Bytes of payload that it holds back.</summary>
    public abstract int Length { get; }

    /// <summary>Completes when the last byte was flushed.</summary>
    public Task Task => _completion.Task;

    /// <summary>Lets a token withdraw it until it begins.</summary>
    public void CancelWith(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(static (self, token) => ((SendOperation)self!).Cancel(token), this);
        }
    }

    /// <summary>Begins writing.</summary>
    /// <returns><see langword="false"/> when it was withdrawn.</returns>
    public bool TryBegin() => Interlocked.Exchange(ref _begun, 1) == 0;

    /// <summary>Writes the next frame.</summary>
    /// <returns>Whether that was the last.</returns>
    public abstract bool WriteNext(IBufferWriter<byte> output);

    public void Complete()
    {
        _cancellation.Dispose();
        _completion.TrySetResult();
    }

    public void Fail(Exception exception)
    {
        _cancellation.Dispose();
        _completion.TrySetException(exception);
        _ = _completion.Task.Exception; // a send that nobody awaits must not surface as unobserved
    }

    private void Cancel(CancellationToken token)
    {
        if (TryBegin())
        {
            _completion.TrySetCanceled(token);
        }
    }
}
