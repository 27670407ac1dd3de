using System.Collections.Concurrent;
using System.Net;

namespace Jstp.Transport.WebSockets;

/// <summary>Counts connections and pending requests, in total and by address, against limits. Thread-safe.</summary>
public sealed class ConnectionLimiter
{
    private readonly ConcurrentDictionary<IPAddress, int> _byAddress = new();
    private int _pending;
    private int _total;

    /// <summary>Takes a place for a request, which is its connection's later.</summary>
    /// <param name="address">The client's address; clients that have none are counted in total alone.</param>
    /// <param name="maxTotal">Places that there are; null for any number.</param>
    /// <param name="maxPerAddress">Places that one address may have; null for any number.</param>
    /// <param name="maxPending">Requests that may wait for a decision; null for any number.</param>
    /// <returns><see langword="false"/> when a limit forbids it; otherwise <see cref="LeavePending"/> and <see cref="Leave"/> must follow.</returns>
    public bool TryEnter(IPAddress? address, int? maxTotal, int? maxPerAddress, int? maxPending = null)
    {
        // Count first, then look: two at once may both be turned away, but never both be let in.
        int total = Interlocked.Increment(ref _total);
        int pending = Interlocked.Increment(ref _pending);
        int ofAddress = address is null ? 0 : _byAddress.AddOrUpdate(address, 1, static (_, count) => count + 1);

        if (total > maxTotal || pending > maxPending || ofAddress > maxPerAddress)
        {
            LeavePending();
            Leave(address);
            return false;
        }

        return true;
    }

    /// <summary>The request was decided about.</summary>
    public void LeavePending() => Interlocked.Decrement(ref _pending);

    /// <summary>The connection ended, or the request did not become one.</summary>
    public void Leave(IPAddress? address)
    {
        Interlocked.Decrement(ref _total);

        if (address is not null && _byAddress.AddOrUpdate(address, 0, static (_, count) => count - 1) == 0)
        {
            // Removed only if it is still 0: somebody may have come in between.
            _byAddress.TryRemove(new KeyValuePair<IPAddress, int>(address, 0));
        }
    }
}
