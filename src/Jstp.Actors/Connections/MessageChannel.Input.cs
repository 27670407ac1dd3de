using System.Diagnostics;
using System.IO.Pipelines;

namespace Jstp.Actors.Connections;

// The pending read. Its completion calls the owner, from the transport's thread and without a task of its own, unless the channel has begun to finish:
// then the read is cancelled, as the transport allows one read at a time and the close needs it.
internal abstract partial class MessageChannel
{
    private readonly Action _onReadCompleted;
    private Action _onInput = static () => { };
    private TaskCompletionSource? _readsEnded;
    private ValueTask<ReadResult> _read;
    private int _readState = ReadState.Idle;

    /// <summary>Says whom to call when a read completes. The call comes from any thread.</summary>
    public void SetOwner(Action onInput) => _onInput = onInput;

    /// <summary>Starts to read; none may be pending.</summary>
    /// <returns>Whether there is input already, so that the owner is not called but may take it at once.</returns>
    public bool BeginRead()
    {
        Debug.Assert(_readState == ReadState.Idle, "The transport allows one read at a time.");
#pragma warning disable CA2012 // kept while it is pending, and consumed once
        _read = Connection.Transport.Input.ReadAsync(CancellationToken.None);
#pragma warning restore CA2012

        if (_read.IsCompleted)
        {
            _readState = ReadState.Completed;

            return true;
        }

        Volatile.Write(ref _readState, ReadState.Pending);
        _read.GetAwaiter().UnsafeOnCompleted(_onReadCompleted);

        return false;
    }

    /// <summary>Takes what the completed read brought; <see cref="Advance"/> must follow.</summary>
    /// <exception cref="IOException">The transport has failed.</exception>
    public ReadResult TakeInput()
    {
        Debug.Assert(_readState == ReadState.Completed, "There is nothing to take.");
        _readState = ReadState.Idle;

        return _read.GetAwaiter().GetResult();
    }

    /// <summary>Gives the input back, see <see cref="PipeReader.AdvanceTo(SequencePosition, SequencePosition)"/>.</summary>
    public void Advance(SequencePosition consumed, SequencePosition examined) => Connection.Transport.Input.AdvanceTo(consumed, examined);

    private void OnReadCompleted()
    {
        if (Interlocked.CompareExchange(ref _readState, ReadState.Completed, ReadState.Pending) == ReadState.Pending)
        {
            _onInput();
        }
        else
        {
            _readsEnded!.SetResult();
        }
    }

    /// <summary>Sees to it that no read is pending and no input taken.</summary>
    private async ValueTask EndReadsAsync()
    {
        _readsEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int state = Interlocked.CompareExchange(ref _readState, ReadState.Ending, ReadState.Pending);

        if (state == ReadState.Idle)
        {
            return;
        }

        if (state == ReadState.Pending)
        {
            Connection.Transport.Input.CancelPendingRead();
            await _readsEnded.Task;
        }

        try
        {
            ReadResult result = await _read;
            Connection.Transport.Input.AdvanceTo(result.Buffer.Start);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The transport has ended by itself; the close will find the same.
        }
    }

    private static class ReadState
    {
        public const int Idle = 0;
        public const int Pending = 1;
        public const int Completed = 2;
        public const int Ending = 3;
    }
}
