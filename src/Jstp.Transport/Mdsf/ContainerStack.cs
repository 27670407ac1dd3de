namespace Jstp.Transport.Mdsf;

/// <summary>The kinds of the open containers, one bit each; the first 64 levels need no memory of their own.</summary>
internal struct ContainerStack
{
    private const int LevelsPerWord = 64;

    private ulong _shallow;
    private ulong[]? _deep;

    /// <summary>How many containers are open.</summary>
    public int Depth { get; private set; }

    /// <summary>Whether the innermost open container is an object. Meaningless while none is open.</summary>
    public bool IsInObject { get; private set; }

    public void Push(bool isObject)
    {
        if (Depth < LevelsPerWord)
        {
            _shallow = (_shallow << 1) | (isObject ? 1UL : 0UL);
        }
        else
        {
            PushDeep(isObject);
        }

        Depth++;
        IsInObject = isObject;
    }

    public void Pop()
    {
        Depth--;

        if (Depth < LevelsPerWord)
        {
            _shallow >>= 1;
            IsInObject = (_shallow & 1) != 0;
        }
        else
        {
            IsInObject = Depth == LevelsPerWord ? (_shallow & 1) != 0 : IsObjectDeep(Depth - LevelsPerWord - 1);
        }
    }

    private void PushDeep(bool isObject)
    {
        int level = Depth - LevelsPerWord;
        int word = level / LevelsPerWord;
        _deep ??= new ulong[MdsfReaderOptions.DefaultMaxDepth / LevelsPerWord];

        if (word == _deep.Length)
        {
            Array.Resize(ref _deep, _deep.Length * 2);
        }

        ulong bit = 1UL << (level % LevelsPerWord);
        _deep[word] = isObject ? _deep[word] | bit : _deep[word] & ~bit;
    }

    private readonly bool IsObjectDeep(int level) => (_deep![level / LevelsPerWord] >> (level % LevelsPerWord) & 1) != 0;
}
