using System.Diagnostics.CodeAnalysis;

namespace Jstp.Transport.Mdsf;

/// <summary>The members of one object: in order, each name once, none undefined, none named <c>__proto__</c>.</summary>
internal sealed class MdsfMembers(KeyValuePair<string, MdsfValue>[] items, Dictionary<string, int>? index = null)
{
    /// <summary>Up to this many members, looking at each is cheaper than an index.</summary>
    public const int MaxUnindexed = 8;

    private Dictionary<string, int>? _index = index;

    public KeyValuePair<string, MdsfValue>[] Items { get; } = items;

    public bool TryGet(string name, [NotNullWhen(true)] out MdsfValue? value)
    {
        if (Items.Length <= MaxUnindexed)
        {
            foreach (KeyValuePair<string, MdsfValue> item in Items)
            {
                if (item.Key == name)
                {
                    value = item.Value;
                    return true;
                }
            }

            value = null;
            return false;
        }

        // Two threads may both build the index; they build the same one.
        _index ??= BuildIndex();
        bool found = _index.TryGetValue(name, out int position);
        value = found ? Items[position].Value : null;
        return found;
    }

    // String keys of a Dictionary are safe against chosen collisions: it changes to seeded hashing when it meets too many.
    private Dictionary<string, int> BuildIndex()
    {
        var index = new Dictionary<string, int>(Items.Length, StringComparer.Ordinal);

        for (int i = 0; i < Items.Length; i++)
        {
            index.Add(Items[i].Key, i);
        }

        return index;
    }
}
