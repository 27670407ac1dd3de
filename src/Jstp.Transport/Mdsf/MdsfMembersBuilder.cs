namespace Jstp.Transport.Mdsf;

/// <summary>Collects the members of one object by the rules of JavaScript (mdsf.md, section 1).</summary>
internal sealed class MdsfMembersBuilder
{
    private readonly List<KeyValuePair<string, MdsfValue>> _items = [];
    private Dictionary<string, int>? _index;

    /// <summary>
    /// Adds a member. One that is undefined is absent and overwrites nothing; a repeated one replaces the value at the first place;
    /// <c>__proto__</c> is dropped.
    /// </summary>
    public void Set(string name, MdsfValue value)
    {
        if (value.Kind == MdsfValueKind.Undefined || name == "__proto__")
        {
            return;
        }

        var item = KeyValuePair.Create(name, value);
        int position = Find(name);

        if (position >= 0)
        {
            _items[position] = item;
            return;
        }

        _index?.Add(name, _items.Count);
        _items.Add(item);
    }

    public MdsfMembers Build() => new([.. _items], _index);

    private int Find(string name)
    {
        if (_index is null && _items.Count > MdsfMembers.MaxUnindexed)
        {
            _index = new Dictionary<string, int>(StringComparer.Ordinal);

            for (int i = 0; i < _items.Count; i++)
            {
                _index.Add(_items[i].Key, i);
            }
        }

        if (_index is not null)
        {
            return _index.GetValueOrDefault(name, -1);
        }

        for (int i = 0; i < _items.Count; i++)
        {
            if (_items[i].Key == name)
            {
                return i;
            }
        }

        return -1;
    }
}
