using Jstp.Actors.Persistence;

namespace Jstp.Actors.Sessions;

/// <summary>
/// What a client has asked and not got an answer to. For as long as the node lives the answer is on its way; the list is written so that another node
/// knows what was going on when this one died (protocol page, 10.5).
/// </summary>
internal sealed class OpenRequests
{
    private List<OpenRequest>? _running; // many sessions never have any
    private IReadOnlyList<OpenRequest> _owed = [];

    /// <summary>Whether the list has changed since it was last recorded.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Requests that a node left behind when it died or gave the session away: nobody works on them.</summary>
    public IReadOnlyList<OpenRequest> Owed
    {
        get => _owed;
        init => _owed = value;
    }

    /// <summary>Takes note of a request whose answer will take a while.</summary>
    public void Add(OpenRequest request)
    {
        (_running ??= []).Add(request);
        IsChanged = true;
    }

    /// <summary>A request was answered, handled, or given up. An id that is not in the list is none of ours.</summary>
    public void Settle(long id)
    {
        int index = _running?.FindIndex(request => request.Id == id) ?? -1;

        if (index >= 0)
        {
            _running!.RemoveAt(index);
            IsChanged = true;
        }
    }

    /// <summary>Takes over what is owed, to answer it.</summary>
    public IReadOnlyList<OpenRequest> TakeOwed()
    {
        IReadOnlyList<OpenRequest> owed = _owed;
        _owed = [];
        IsChanged |= owed.Count > 0;

        return owed;
    }

    /// <summary>All of them, for the store.</summary>
    public IReadOnlyList<OpenRequest> Record()
    {
        IsChanged = false;

        return [.. _owed, .. _running ?? []];
    }
}
