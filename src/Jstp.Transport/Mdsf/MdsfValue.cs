using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Jstp.Transport.Mdsf;

/// <summary>An MDSF value of any kind: an immutable tree, for values whose shape is not known beforehand.</summary>
public sealed partial class MdsfValue
{
    private readonly double _number;
    private readonly object? _content; // string, MdsfValue[] or MdsfMembers

    private MdsfValue(MdsfValueKind kind, double number = 0, object? content = null)
    {
        Kind = kind;
        _number = number;
        _content = content;
    }

    /// <summary>The value <c>undefined</c>.</summary>
    public static MdsfValue Undefined { get; } = new(MdsfValueKind.Undefined);

    /// <summary>The value <c>null</c>.</summary>
    public static MdsfValue Null { get; } = new(MdsfValueKind.Null);

    /// <summary>The value <c>true</c>.</summary>
    public static MdsfValue True { get; } = new(MdsfValueKind.Boolean, number: 1);

    /// <summary>The value <c>false</c>.</summary>
    public static MdsfValue False { get; } = new(MdsfValueKind.Boolean);

    /// <summary>The array without elements.</summary>
    public static MdsfValue EmptyArray { get; } = new(MdsfValueKind.Array, content: System.Array.Empty<MdsfValue>());

    /// <summary>The object without members.</summary>
    public static MdsfValue EmptyObject { get; } = new(MdsfValueKind.Object, content: new MdsfMembers([]));

    /// <summary>What kind of value this is.</summary>
    public MdsfValueKind Kind { get; }

    /// <summary>Whether this is <c>undefined</c> or <c>null</c>.</summary>
    public bool IsNullish => Kind <= MdsfValueKind.Null;

    /// <summary>The number of elements or members; 0 for values that have none.</summary>
    public int Count => _content switch
    {
        MdsfValue[] elements => elements.Length,
        MdsfMembers members => members.Items.Length,
        _ => 0,
    };

    /// <summary>The elements of an array, in order.</summary>
    /// <exception cref="InvalidOperationException">This is not an array.</exception>
    public ImmutableArray<MdsfValue> Elements =>
        ImmutableCollectionsMarshal.AsImmutableArray(Content<MdsfValue[]>(MdsfValueKind.Array));

    /// <summary>The members of an object, in order.</summary>
    /// <exception cref="InvalidOperationException">This is not an object.</exception>
    public ImmutableArray<KeyValuePair<string, MdsfValue>> Members =>
        ImmutableCollectionsMarshal.AsImmutableArray(Content<MdsfMembers>(MdsfValueKind.Object).Items);

    /// <summary>An element of an array.</summary>
    /// <param name="index">Its place, from 0.</param>
    /// <returns>The element, or <see cref="Undefined"/> beyond the end, as in JavaScript.</returns>
    /// <exception cref="InvalidOperationException">This is not an array.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public MdsfValue this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            MdsfValue[] elements = Content<MdsfValue[]>(MdsfValueKind.Array);
            return index < elements.Length ? elements[index] : Undefined;
        }
    }

    /// <summary>A member of an object.</summary>
    /// <param name="name">Its name, exactly.</param>
    /// <returns>The member's value, or <see cref="Undefined"/> if there is none.</returns>
    /// <exception cref="InvalidOperationException">This is not an object.</exception>
    public MdsfValue this[string name] => TryGetMember(name, out MdsfValue? value) ? value : Undefined;

    /// <summary>Makes an array.</summary>
    /// <param name="elements">Its elements.</param>
    public static MdsfValue CreateArray(params ReadOnlySpan<MdsfValue> elements) => AdoptArray(elements.ToArray());

    /// <summary>Makes an array.</summary>
    /// <param name="elements">Its elements.</param>
    public static MdsfValue CreateArray(IEnumerable<MdsfValue> elements) => AdoptArray([.. elements]);

    /// <summary>Makes an object. Undefined members are left out, as is <c>__proto__</c>; of repeated names the last value counts.</summary>
    /// <param name="members">Its members.</param>
    public static MdsfValue CreateObject(params ReadOnlySpan<KeyValuePair<string, MdsfValue>> members)
    {
        var collected = new MdsfMembersBuilder();

        foreach (KeyValuePair<string, MdsfValue> member in members)
        {
            collected.Set(member.Key, member.Value);
        }

        return AdoptObject(collected.Build());
    }

    /// <summary>Makes an object. Undefined members are left out, as is <c>__proto__</c>; of repeated names the last value counts.</summary>
    /// <param name="members">Its members.</param>
    public static MdsfValue CreateObject(IEnumerable<KeyValuePair<string, MdsfValue>> members) =>
        CreateObject([.. members]);

    /// <summary>Makes an object. Undefined members are left out, as is <c>__proto__</c>; of repeated names the last value counts.</summary>
    /// <param name="members">Its members.</param>
    public static MdsfValue CreateObject(params ReadOnlySpan<(string Name, MdsfValue Value)> members)
    {
        var collected = new MdsfMembersBuilder();

        foreach ((string name, MdsfValue value) in members)
        {
            collected.Set(name, value);
        }

        return AdoptObject(collected.Build());
    }

    /// <summary>The boolean that this is.</summary>
    /// <exception cref="InvalidOperationException">This is not a boolean.</exception>
    public bool AsBoolean()
    {
        EnsureKind(MdsfValueKind.Boolean);
        return _number != 0;
    }

    /// <summary>The number that this is.</summary>
    /// <exception cref="InvalidOperationException">This is not a number.</exception>
    public double AsNumber()
    {
        EnsureKind(MdsfValueKind.Number);
        return _number;
    }

    /// <summary>The string that this is. It may hold unpaired surrogates.</summary>
    /// <exception cref="InvalidOperationException">This is not a string.</exception>
    public string AsString() => Content<string>(MdsfValueKind.String);

    /// <summary>Looks for a member of an object, in constant time.</summary>
    /// <param name="name">Its name, exactly.</param>
    /// <param name="value">The member's value, which is never undefined.</param>
    /// <returns>Whether there is such a member.</returns>
    /// <exception cref="InvalidOperationException">This is not an object.</exception>
    public bool TryGetMember(string name, [NotNullWhen(true)] out MdsfValue? value)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Content<MdsfMembers>(MdsfValueKind.Object).TryGet(name, out value);
    }

    internal static MdsfValue AdoptArray(MdsfValue[] elements) =>
        elements.Length == 0 ? EmptyArray : new(MdsfValueKind.Array, content: elements);

    internal static MdsfValue AdoptObject(MdsfMembers members) =>
        members.Items.Length == 0 ? EmptyObject : new(MdsfValueKind.Object, content: members);

    private T Content<T>(MdsfValueKind kind)
        where T : class
    {
        EnsureKind(kind);
        return (T)_content!;
    }

    private void EnsureKind(MdsfValueKind kind)
    {
        if (Kind != kind)
        {
            MdsfThrowHelper.ThrowMisuse($"The value is of kind {Kind}, not {kind}.");
        }
    }
}
