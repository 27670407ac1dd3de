namespace Jstp.Actors.Sessions;

/// <summary>
/// Sessions for which events were left when the store had given them to this node already, but the region had not heard of it: what was read with the session does
/// not have these events, and nobody will say again that they are there.
/// </summary>
internal sealed class EarlyPosts
{
    private const int MaxCount = 65_536;

    private readonly HashSet<long> _keys = [];
    private bool _isAnySession;

    /// <summary>Notes sessions that the region does not know. They may be others than those that arrive.</summary>
    public void Add(IEnumerable<long> keys)
    {
        _keys.UnionWith(keys);

        if (_keys.Count > MaxCount)
        {
            AddAll();
        }
    }

    /// <summary>Notes that it may be any.</summary>
    public void AddAll()
    {
        _keys.Clear();
        _isAnySession = true;
    }

    /// <summary>Whether a session that arrives is to be looked after.</summary>
    public bool Take(long key) => _keys.Remove(key) || _isAnySession;

    /// <summary>Forgets everything: no session is on its way.</summary>
    public void Clear()
    {
        _keys.Clear();
        _isAnySession = false;
    }
}
