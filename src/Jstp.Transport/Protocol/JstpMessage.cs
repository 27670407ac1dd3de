using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Protocol;

/// <summary>One message, taken apart without copying: slices of its text (protocol page, section 2).</summary>
/// <remarks>
/// <para>
/// A message is <c>{kind:[id,target,version],name:value}</c>. Position decides, not name; members that are undefined, or named
/// <c>__proto__</c>, do not exist; of a repeated key the last value counts, at the place of the first.
/// </para>
/// <para>Valid as long as the memory of the text is.</para>
/// </remarks>
public readonly struct JstpMessage
{
    private readonly ReadOnlyMemory<byte> _text;
    private readonly JstpMessageHead _head;
    private readonly JstpMessageBody _body;

    internal JstpMessage(ReadOnlyMemory<byte> text, JstpMessageKind kind, in JstpMessageHead head, in JstpMessageBody body)
    {
        _text = text;
        _head = head;
        _body = body;
        Kind = kind;
    }

    /// <summary>What the message is.</summary>
    public JstpMessageKind Kind { get; }

    /// <summary>The id; 0 if there is none or it is no id, see <see cref="HasId"/>.</summary>
    public long Id => _head.Id;

    /// <summary>Whether there is an id: an integer of magnitude 2^53 - 1 or less as the first element.</summary>
    public bool HasId => _head.HasId;

    /// <summary>The whole text of the message.</summary>
    public ReadOnlyMemory<byte> Text => _text;

    /// <summary>The type of the element behind the id: the interface, or the application of a handshake. None if it is missing.</summary>
    public MdsfTokenType TargetType => _head.Target.Type;

    /// <summary>The raw value behind the id, empty if it is missing or elided.</summary>
    public ReadOnlyMemory<byte> Target => _head.Target.ValueIn(_text);

    /// <summary>The name behind the id; empty if <see cref="TargetType"/> is not a string.</summary>
    public JstpName TargetName => _head.Target.NameIn(_text);

    /// <summary>The type of the third element, the version in a handshake. None if it is missing.</summary>
    public MdsfTokenType VersionType => _head.Version.Type;

    /// <summary>The raw value of the third element, empty if it is missing or elided.</summary>
    public ReadOnlyMemory<byte> Version => _head.Version.ValueIn(_text);

    /// <summary>The text of the third element; empty if <see cref="VersionType"/> is not a string.</summary>
    public JstpName VersionName => _head.Version.NameIn(_text);

    /// <summary>Whether there is a second member.</summary>
    public bool HasBody => ValueType != MdsfTokenType.None;

    /// <summary>The name of the second member: method, event, strategy, <c>ok</c> or <c>error</c>. Empty if there is none.</summary>
    public JstpName Name => _body.Name.NameIn(_text);

    /// <summary>The type of the second member's value, None if there is no second member.</summary>
    public MdsfTokenType ValueType => _body.Value.Type;

    /// <summary>The raw value of the second member, checked MDSF; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Value => _body.Value.ValueIn(_text);

    /// <summary>
    /// Whether the second member holds an array, as arguments and results must be. A call without is answered by error 17, an event without
    /// is ignored but counted (protocol page, section 4, rules 9 and 10).
    /// </summary>
    public bool HasArguments => ValueType == MdsfTokenType.StartArray;

    /// <summary>How many elements the array of the second member has, undefined and elided ones included; 0 if it is no array.</summary>
    public int ArgumentCount => _body.Count;

    /// <summary>What the second member says if this message is an answer.</summary>
    public JstpAnswer Answer =>
        Name.Equals("ok"u8) ? JstpAnswer.Ok : Name.Equals("error"u8) ? JstpAnswer.Error : JstpAnswer.Neither;
}
