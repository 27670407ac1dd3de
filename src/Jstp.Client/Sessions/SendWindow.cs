using System.Buffers.Text;
using System.Diagnostics;

namespace Jstp.Client.Sessions;

/// <summary>
/// The texts on their way to the server, in order: those that the present connection has not taken yet, and behind it those that the server may not have.
/// A text lies once, in a block, from its creation to its acknowledgement. Not thread-safe.
/// </summary>
internal sealed class SendWindow
{
    private const int MaxIdLength = 20;

    private Entry[] _entries = new Entry[64];
    private int _head;
    private int _count;
    private int _taken; // entries from the head that the present connection has
    private TextBlock? _last;

    /// <summary>Texts that are here.</summary>
    public int Count => _count;

    /// <summary>Bytes of the texts that are here.</summary>
    public long Length { get; private set; }

    /// <summary>Texts that the present connection has yet to take.</summary>
    public int WaitingCount => _count - _taken;

    /// <summary>Adds a text: the part before the id, the id, and the part behind it.</summary>
    public void Add(long id, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> tail)
    {
        Span<byte> digits = stackalloc byte[MaxIdLength];
        bool isFormatted = Utf8Formatter.TryFormat(id, digits, out int idLength);
        Debug.Assert(isFormatted, "An id is shorter than that.");
        Span<byte> room = Add(id, isKept: true, prefix.Length + idLength + tail.Length);
        prefix.CopyTo(room);
        digits[..idLength].CopyTo(room[prefix.Length..]);
        tail.CopyTo(room[(prefix.Length + idLength)..]);
    }

    /// <summary>Adds a message that was kept elsewhere, such as that of an imported session.</summary>
    public void Add(long id, ReadOnlySpan<byte> text) => text.CopyTo(Add(id, isKept: true, text.Length));

    /// <summary>Adds a text that is lost with its connection, such as a callback (protocol page, 10.1).</summary>
    public void AddUnkept(ReadOnlySpan<byte> text) => text.CopyTo(Add(id: 0, isKept: false, text.Length));

    /// <summary>Lists texts that wait to be taken, up to <paramref name="maxLength"/> bytes but at least one. They are valid until <see cref="Take"/> counts them and they are acknowledged.</summary>
    public void ListWaiting(List<ReadOnlyMemory<byte>> texts, int maxLength)
    {
        for (int i = _taken; i < _count && maxLength > 0; i++)
        {
            ref readonly Entry entry = ref At(i);
            texts.Add(entry.Text);
            maxLength -= entry.Length;
        }
    }

    /// <summary>Takes note that the present connection has the next texts.</summary>
    public void Take(int count)
    {
        Debug.Assert(count <= WaitingCount, "Only what waits can be taken.");
        _taken += count;
        Release(0);
    }

    /// <summary>The server has everything up to an id. What the present connection has not taken yet stays, and is sent nevertheless.</summary>
    /// <returns>Whether there is more room than before.</returns>
    public bool Release(long id)
    {
        bool hasReleased = false;

        while (_taken > 0 && (!At(0).IsKept || At(0).Id <= id))
        {
            RemoveHead();
            _taken--;
            hasReleased = true;
        }

        return hasReleased;
    }

    /// <summary>The connection is gone: everything that is kept waits again, the rest is lost.</summary>
    /// <param name="received">What the server has, by its own count.</param>
    public void Rewind(long received)
    {
        int count = _count;
        _taken = 0;

        for (int i = 0; i < count; i++)
        {
            Entry entry = At(0);

            if (!entry.IsKept || entry.Id <= received)
            {
                RemoveHead();
            }
            else
            {
                // Once around the ring, which keeps the order.
                _head = (_head + 1) & (_entries.Length - 1);
                _entries[(_head + _count - 1) & (_entries.Length - 1)] = entry;
            }
        }
    }

    /// <summary>Lists the messages that the server may not have.</summary>
    public IEnumerable<(long Id, ReadOnlyMemory<byte> Text)> ListKept()
    {
        for (int i = 0; i < _count; i++)
        {
            Entry entry = At(i);

            if (entry.IsKept)
            {
                yield return (entry.Id, entry.Text);
            }
        }
    }

    private Span<byte> Add(long id, bool isKept, int length)
    {
        if (_count == _entries.Length)
        {
            Grow();
        }

        if (_last is null || _last.Room < length)
        {
            _last?.Retire();
            _last = TextBlock.Rent(length);
        }

        var entry = new Entry(id, isKept, _last, _last.Reserve(length), length);
        _entries[(_head + _count++) & (_entries.Length - 1)] = entry;
        Length += length;

        return entry.Block.Span(entry.Start, length);
    }

    private ref Entry At(int index) => ref _entries[(_head + index) & (_entries.Length - 1)];

    private void RemoveHead()
    {
        ref Entry entry = ref At(0);
        Length -= entry.Length;
        entry.Block.Release();
        entry = default;
        _head = (_head + 1) & (_entries.Length - 1);
        _count--;
    }

    private void Grow()
    {
        var larger = new Entry[_entries.Length * 2];

        for (int i = 0; i < _count; i++)
        {
            larger[i] = At(i);
        }

        _entries = larger;
        _head = 0;
    }

    private readonly record struct Entry(long Id, bool IsKept, TextBlock Block, int Start, int Length)
    {
        public ReadOnlyMemory<byte> Text => Block.Memory(Start, Length);
    }
}
