namespace Jstp.Transport.WebSockets;

/// <summary>
/// What waits to be written on one connection, in the order of the calls, and what was written but not flushed. Methods that end in Locked need the
/// connection's lock; the others belong to whoever owns the output.
/// </summary>
internal sealed class SendQueue(WebSocketMetrics metrics)
{
    private readonly Queue<SendOperation> _waiting = new();
    private readonly List<SendOperation> _written = [];
    private SendOperation? _begun; // the head of the queue, once its first frame may be out
    private long _length;

    /// <summary>Bytes that wait to be written.</summary>
    public long Length => Interlocked.Read(ref _length);

    /// <summary>Whether nothing waits. Needs the lock.</summary>
    public bool IsEmptyLocked => _waiting.Count == 0;

    public void AddLocked(SendOperation operation)
    {
        _waiting.Enqueue(operation);
        Count(operation.Length);
    }

    /// <summary>What is to be written next: the rest of what was begun, or the first that was not withdrawn.</summary>
    public bool TryPeekLocked(out SendOperation operation)
    {
        while (_waiting.TryPeek(out operation!))
        {
            if (operation == _begun)
            {
                return true;
            }

            if (operation.TryBegin())
            {
                _begun = operation;
                return true;
            }

            _waiting.Dequeue();
            Count(-operation.Length);
        }

        return false;
    }

    /// <summary>The last frame of an operation was written.</summary>
    public void OnWrittenLocked(SendOperation operation)
    {
        // A stop may have emptied the queue meanwhile.
        if (_waiting.TryPeek(out SendOperation? first) && first == operation)
        {
            _waiting.Dequeue();
            Count(-operation.Length);
        }

        _begun = null;
        _written.Add(operation);
    }

    /// <summary>Everything written was flushed.</summary>
    public void CompleteWritten()
    {
        foreach (SendOperation operation in _written)
        {
            operation.Complete();
        }

        _written.Clear();
    }

    /// <summary>Gives up what waits.</summary>
    public List<SendOperation> TakeWaitingLocked()
    {
        List<SendOperation> waiting = [.. _waiting];
        _waiting.Clear();
        Count(-_length);
        return waiting;
    }

    /// <summary>Gives up what waits and what was written but not flushed.</summary>
    public List<SendOperation> TakeAllLocked()
    {
        List<SendOperation> all = [.. _written, .. TakeWaitingLocked()];
        _written.Clear();
        return all;
    }

    private void Count(long length)
    {
        Interlocked.Add(ref _length, length);
        metrics.OnQueued(length);
    }
}
