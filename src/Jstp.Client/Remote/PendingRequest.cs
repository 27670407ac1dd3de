using Jstp.Client.Connections;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Remote;

/// <summary>Waits for the answer of a call, an inspect or a ping. The first outcome counts.</summary>
internal abstract class PendingRequest<T>() : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IPendingRequest
{
    private CancellationTokenRegistration _cancellation;
    private JstpClientConnection? _connection;

    /// <inheritdoc/>
    public long Id { get; set; }

    /// <summary>Gives the request up when the token is cancelled; the answer, if it comes, is then ignored. Called once it was sent.</summary>
    public void CancelWith(JstpClientConnection connection, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _connection = connection;
            _cancellation = cancellationToken.UnsafeRegister(static (self, token) => ((PendingRequest<T>)self!).Cancel(token), this);
        }
    }

    /// <inheritdoc/>
    public void Complete(in JstpMessage answer, MdsfReaderOptions limits)
    {
        // The rules for what peers really send: protocol page, section 6, "Receiving a callback".
        switch (answer.Answer)
        {
            case JstpAnswer.Ok when answer.HasArguments:
                Complete(answer.Value.Span, limits);
                break;
            case JstpAnswer.Error:
                Fail(JstpError.Read(answer.Value.Span, limits).ToException());
                break;
            default:
                Fail(new JstpException(JstpErrorCode.InternalApiError));
                break;
        }
    }

    /// <inheritdoc/>
    public void Fail(Exception error)
    {
        _cancellation.Unregister();
        TrySetException(error);
    }

    /// <summary>Gives the outcome.</summary>
    protected void Succeed(T result)
    {
        _cancellation.Unregister();
        TrySetResult(result);
    }

    /// <summary>Reads the results; the reader stands on the start of their array.</summary>
    protected abstract T Read(ref MdsfReader reader);

    private void Cancel(CancellationToken cancellationToken)
    {
        if (TrySetCanceled(cancellationToken))
        {
            _connection!.Forget(this);
        }
    }

    private void Complete(ReadOnlySpan<byte> results, MdsfReaderOptions limits)
    {
        T result;

        try
        {
            var reader = new MdsfReader(results, limits);
            reader.Read();
            result = Read(ref reader);
        }
#pragma warning disable CA1031 // whatever a reader of the caller's throws is the outcome of this one call
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception);

            return;
        }

        Succeed(result);
    }
}
