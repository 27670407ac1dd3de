using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Jstp.Transport.Protocol;

/// <summary>
/// What has been declared, by name: looked up straight from the bytes of a message. Only declared names exist (D10), and since the table
/// never changes, a peer's names can neither fill it nor slow it down.
/// </summary>
/// <typeparam name="T">What a name stands for.</typeparam>
public sealed class Utf8NameTable<T>
{
    private readonly Entry[] _entries;
    private readonly int[] _buckets; // 1 + the index of a bucket's first entry, 0 if it is empty
    private readonly string[] _names;

    /// <summary>Makes a table. Names are compared exactly.</summary>
    /// <exception cref="ArgumentException">
    /// A name is there twice, is longer than <see cref="JstpName.MaxLength"/> code units, or holds an unpaired surrogate.
    /// </exception>
    public Utf8NameTable(IEnumerable<KeyValuePair<string, T>> declarations)
    {
        ArgumentNullException.ThrowIfNull(declarations);
        KeyValuePair<string, T>[] declared = [.. declarations];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        _entries = new Entry[declared.Length];
        _names = new string[declared.Length];
        _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(declared.Length * 2, 1))];

        for (int i = 0; i < declared.Length; i++)
        {
            (string name, T value) = declared[i];

            if (name.Length > JstpName.MaxLength)
            {
                throw new ArgumentException(
                    $"A name has at most {JstpName.MaxLength} characters; this one has {name.Length}.", nameof(declarations));
            }

            if (!seen.Add(name))
            {
                throw new ArgumentException($"The name '{name}' is declared twice.", nameof(declarations));
            }

            byte[] utf8 = Encode(name);
            ref int bucket = ref BucketOf(utf8);
            _names[i] = name;
            _entries[i] = new Entry(utf8, value, Next: bucket);
            bucket = i + 1;
        }
    }

    /// <summary>How many names are declared.</summary>
    public int Count => _entries.Length;

    /// <summary>The names in the order of their declaration.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Finds what a name in a message stands for. Allocates nothing unless the name holds escapes.</summary>
    public bool TryGetValue(JstpName name, [MaybeNullWhen(false)] out T value)
    {
        if (name.TryGetKey(out ReadOnlySpan<byte> utf8))
        {
            return TryGetValue(utf8, out value);
        }

        value = default;
        return false;
    }

    /// <summary>Finds what a name stands for.</summary>
    public bool TryGetValue(ReadOnlySpan<byte> utf8, [MaybeNullWhen(false)] out T value)
    {
        for (int index = BucketOf(utf8); index > 0; index = _entries[index - 1].Next)
        {
            ref readonly Entry entry = ref _entries[index - 1];

            if (utf8.SequenceEqual(entry.Utf8))
            {
                value = entry.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    private static byte[] Encode(string name)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetBytes(name);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException("A name may not hold an unpaired surrogate.", nameof(name), exception);
        }
    }

    /// <summary>
    /// The bucket of a name, by its length and its first and last bytes: cheap, and as good for names that developers choose.
    /// </summary>
    private ref int BucketOf(ReadOnlySpan<byte> utf8)
    {
        ulong hash = (ulong)utf8.Length;

        if (utf8.Length >= sizeof(ulong))
        {
            hash ^= MemoryMarshal.Read<ulong>(utf8);
            hash = (hash * 0x9E3779B97F4A7C15) ^ MemoryMarshal.Read<ulong>(utf8[^sizeof(ulong)..]);
        }
        else
        {
            foreach (byte value in utf8)
            {
                hash = (hash << 8) ^ value;
            }
        }

        hash *= 0x9E3779B97F4A7C15;
        return ref _buckets[(int)(hash >> 32) & (_buckets.Length - 1)];
    }

    private readonly record struct Entry(byte[] Utf8, T Value, int Next);
}
