using System.Collections;
using System.Collections.Immutable;

namespace Jstp.Generators.Model;

/// <summary>Values that are equal if their elements are, which is what the compiler compares to see whether it must generate again.</summary>
internal readonly struct EquatableArray<T>(ImmutableArray<T> values) : IEquatable<EquatableArray<T>>, IReadOnlyList<T>
    where T : IEquatable<T>
{
    private readonly ImmutableArray<T> _values = values;

    public int Count => Values.Length;

    private ImmutableArray<T> Values => _values.IsDefault ? ImmutableArray<T>.Empty : _values;

    public T this[int index] => Values[index];

    public bool Equals(EquatableArray<T> other) => Values.SequenceEqual(other.Values);

    public override bool Equals(object? obj) => obj is EquatableArray<T> other && Equals(other);

    public override int GetHashCode()
    {
        int hash = 17;

        foreach (T value in Values)
        {
            hash = unchecked((hash * 31) + value.GetHashCode());
        }

        return hash;
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)Values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
