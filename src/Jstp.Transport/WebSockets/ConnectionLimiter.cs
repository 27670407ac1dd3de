using System.Collections.Concurrent;
using System.Net;

namespace Jstp.Transport.WebSockets;

/// <summary>Counts connections and pending requests, in total and by address, against the limits.</summary>
internal sealed class ConnectionLimiter
{
    private readonly ConcurrentDictionary<IPAddress, int> _byAddress = new();
    private int _pending;
    private int _total;

    /// <summary>Takes a place for a request, which is its connection's later.</summary>
    /// <returns><see langword="false"/> when a limit forbids it.</returns>
    public bool TryEnter(WebSocketServerOptions options, IPAddress? address)
    {
        // Count first, then look: two at once may both be turned away, but never both be let in.
        int total = Interlocked.Increment(ref _total);
        int pending = Interlocked.Increment(ref _pending);
        int ofAddress = address is null ? 0 : _byAddress.AddOrUpdate(address, 1, static (_, count) => count + 1);

        if (total > options.MaxConnections || pending > options.MaxPendingRequests || ofAddress > options.MaxConnectionsPerAddress)
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
