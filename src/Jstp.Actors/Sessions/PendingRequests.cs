namespace Jstp.Actors.Sessions;

/// <summary>The server's unanswered requests to one client, by the magnitude of their ids.</summary>
internal sealed class PendingRequests
{
    private SortedDictionary<long, PendingRequest>? _requests; // few sessions ever call their client

    public int Count => _requests?.Count ?? 0;

    public void Add(long magnitude, PendingRequest request)
    {
        _requests ??= [];
        _requests.Add(magnitude, request);
    }

    /// <summary>Takes a request off the list, or returns null when its id is not pending.</summary>
    public PendingRequest? Take(long magnitude) =>
        _requests is not null && _requests.Remove(magnitude, out PendingRequest? request) ? request : null;

    /// <summary>Fails every request up to <paramref name="magnitude"/>: the client has it, but its answer is lost (protocol page, 10.3 and D12).</summary>
    public void FailThrough(long magnitude)
    {
        while (_requests is { Count: > 0 } && _requests.First() is var (oldest, request) && oldest <= magnitude)
        {
            _requests.Remove(oldest);
            request.FailAsLost();
        }
    }

    public void FailAll() => FailThrough(long.MaxValue);
}
