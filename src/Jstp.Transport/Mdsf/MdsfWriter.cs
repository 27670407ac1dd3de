using System.Buffers;
using System.Runtime.CompilerServices;

namespace Jstp.Transport.Mdsf;

/// <summary>Writes one MDSF value as every JSTP client can read it (mdsf.md, section 5.2, column J).</summary>
/// <remarks>
/// Nothing reaches the output before <see cref="Flush"/>: a writer that is given up half-way, because a value cannot be written,
/// leaves no trace. While a writer is in use nobody else may write to its output. Pass it by reference.
/// </remarks>
public ref partial struct MdsfWriter
{
    /// <summary>How many containers may be open at once; readers refuse more (mdsf.md, section 4).</summary>
    public const int MaxDepth = MdsfReaderOptions.DefaultMaxDepth;

    private const int InitialLength = 256;

    private readonly IBufferWriter<byte> _output;

    private Span<byte> _buffer;
    private byte[]? _scratch; // replaces the memory of the output once that proved too short
    private int _used;
    private ContainerStack _containers;
    private Place _place;
    private MemberStart _name;       // the latest member, while its value is missing
    private MemberStart _suppressed; // the member that will be taken back when its value is complete
    private int _suppressedDepth;    // the depth of its object; 0 when there is none

    /// <summary>Starts writing a value.</summary>
    /// <param name="output">What takes the text at <see cref="Flush"/>.</param>
    /// <exception cref="ArgumentNullException">There is no output.</exception>
    public MdsfWriter(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        _buffer = output.GetSpan(InitialLength);
    }

    private enum Place : byte
    {
        Top,
        FirstElement,
        NextElement,
        FirstMember,
        NextMember,
        MemberValue,
        End,
    }

    /// <summary>Where a member begins in the buffer, its comma included, and whether it is the first of its object.</summary>
    private readonly record struct MemberStart(int Position, bool IsFirst);

    /// <summary>How many bytes have been written so far, flushed or not.</summary>
    public readonly long BytesWritten => BytesFlushed + _used;

    /// <summary>How many containers are open.</summary>
    public readonly int CurrentDepth => _containers.Depth;

    private long BytesFlushed { readonly get; set; }

    /// <summary>Begins an array.</summary>
    /// <exception cref="InvalidOperationException">No value can stand here.</exception>
    /// <exception cref="MdsfConversionException">512 containers are open.</exception>
    public void WriteStartArray()
    {
        WriteStart((byte)'[', isObject: false);
        _place = Place.FirstElement;
    }

    /// <summary>Begins an object.</summary>
    /// <exception cref="InvalidOperationException">No value can stand here.</exception>
    /// <exception cref="MdsfConversionException">512 containers are open.</exception>
    public void WriteStartObject()
    {
        WriteStart((byte)'{', isObject: true);
        _place = Place.FirstMember;
    }

    /// <summary>Ends the array.</summary>
    /// <exception cref="InvalidOperationException">The innermost open container is not an array.</exception>
    public void WriteEndArray()
    {
        if (_place is not (Place.FirstElement or Place.NextElement))
        {
            MdsfThrowHelper.ThrowMisuse("There is no array to end.");
        }

        WriteEnd((byte)']');
    }

    /// <summary>Ends the object.</summary>
    /// <exception cref="InvalidOperationException">The innermost open container is not an object, or a member lacks its value.</exception>
    public void WriteEndObject()
    {
        if (_place is not (Place.FirstMember or Place.NextMember))
        {
            MdsfThrowHelper.ThrowMisuse("There is no object to end, or a member has no value.");
        }

        WriteEnd((byte)'}');
    }

    /// <summary>Writes <c>true</c> or <c>false</c>.</summary>
    /// <param name="value">The boolean.</param>
    /// <exception cref="InvalidOperationException">No value can stand here.</exception>
    public void WriteBoolean(bool value) => WriteWord(value ? "true"u8 : "false"u8);

    /// <summary>Writes <c>null</c>.</summary>
    /// <exception cref="InvalidOperationException">No value can stand here.</exception>
    public void WriteNull() => WriteWord("null"u8);

    /// <summary>Writes <c>undefined</c>, which keeps its place in an array; as the value of a member it takes the member back.</summary>
    /// <exception cref="InvalidOperationException">No value can stand here.</exception>
    public void WriteUndefined()
    {
        if (_place == Place.MemberValue)
        {
            TakeBackMember(_name);
            return;
        }

        WriteWord("undefined"u8);
    }

    /// <summary>Writes a value that is encoded already. Commas around it are added, its text is not checked.</summary>
    /// <param name="mdsf">Exactly one value; the empty text, which a left-out element has, is <c>undefined</c>.</param>
    /// <exception cref="InvalidOperationException">No value can stand here.</exception>
    public void WriteRaw(scoped ReadOnlySpan<byte> mdsf)
    {
        if (mdsf.IsEmpty)
        {
            WriteUndefined();
        }
        else
        {
            WriteWord(mdsf);
        }
    }

    /// <summary>Hands everything written so far to the output.</summary>
    /// <exception cref="InvalidOperationException">The member that is being written may still have to be taken back.</exception>
    public void Flush()
    {
        if (_place == Place.MemberValue || _suppressedDepth > 0)
        {
            MdsfThrowHelper.ThrowMisuse("A member cannot be flushed before it is known whether it will be left out.");
        }

        if (_scratch is null)
        {
            _output.Advance(_used);
        }
        else
        {
            _output.Write(_buffer[.._used]);
            ArrayPool<byte>.Shared.Return(_scratch);
            _scratch = null;
        }

        BytesFlushed += _used;
        _used = 0;
        _buffer = default;
    }

    private void WriteStart(byte bracket, bool isObject)
    {
        if (_containers.Depth == MaxDepth)
        {
            MdsfThrowHelper.ThrowWriterTooDeep(MaxDepth);
        }

        BeginValue(1);
        _buffer[_used++] = bracket;
        _containers.Push(isObject);
    }

    private void WriteEnd(byte bracket)
    {
        EnsureRoom(1);
        _buffer[_used++] = bracket;
        _containers.Pop();
        EndValue();
    }

    private void WriteWord(scoped ReadOnlySpan<byte> word)
    {
        BeginValue(word.Length);
        word.CopyTo(_buffer[_used..]);
        _used += word.Length;
        EndValue();
    }

    /// <summary>Makes room for a value and writes the comma before it.</summary>
    private void BeginValue(int length)
    {
        EnsureRoom(length + 1);

        if (_place == Place.NextElement)
        {
            _buffer[_used++] = (byte)',';
        }
        else if (_place is Place.FirstMember or Place.NextMember or Place.End)
        {
            MdsfThrowHelper.ThrowMisuse(_place == Place.End ? "The value is complete." : "A member needs a name before its value.");
        }
    }

    private void EndValue()
    {
        if (_containers.Depth == 0)
        {
            _place = Place.End;
        }
        else if (_containers.IsInObject)
        {
            _place = Place.NextMember;
            EndSuppressedMember();
        }
        else
        {
            _place = Place.NextElement;
        }
    }

    private void EndSuppressedMember()
    {
        if (_suppressedDepth == _containers.Depth)
        {
            TakeBackMember(_suppressed);
        }
    }

    private void TakeBackMember(MemberStart member)
    {
        _used = member.Position;
        _place = member.IsFirst ? Place.FirstMember : Place.NextMember;

        if (_suppressedDepth == _containers.Depth)
        {
            _suppressedDepth = 0;
        }
    }

    private void EnsureRoom(int length)
    {
        if (_buffer.Length - _used < length)
        {
            Grow(length);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int length)
    {
        if (_used == 0)
        {
            _buffer = _output.GetSpan(Math.Max(length, InitialLength));
            return;
        }

        // Memory of the output cannot be asked for twice without advancing, so what grows moves to memory of our own.
        int doubled = (int)Math.Min(_buffer.Length * 2L, Array.MaxLength);
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_used + length), doubled));
        _buffer[.._used].CopyTo(larger);

        if (_scratch is not null)
        {
            ArrayPool<byte>.Shared.Return(_scratch);
        }

        _scratch = larger;
        _buffer = larger;
    }
}
