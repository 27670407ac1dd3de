using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts bytes to and from Base64 with padding.</summary>
internal sealed class BytesConverter : MdsfConverter<byte[]?>
{
    private const string Description = "a string of Base64";

    public static BytesConverter Instance { get; } = new();

    public override byte[]? Read(ref MdsfReader reader)
    {
        if (reader.TokenType != MdsfTokenType.String)
        {
            return IsNull(reader) ? null : MdsfThrowHelper.ThrowDoesNotFit<byte[]?>(Description, reader);
        }

        ReadOnlySpan<byte> text = reader.HasEscapes ? Encoding.UTF8.GetBytes(reader.GetString()) : reader.ValueSpan;
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];

        return Base64.DecodeFromUtf8(text, bytes, out _, out int length) == OperationStatus.Done
            ? length == bytes.Length ? bytes : bytes[..length]
            : MdsfThrowHelper.ThrowDoesNotFit<byte[]?>(Description, reader);
    }

    public override void Write(ref MdsfWriter writer, byte[]? value)
    {
        if (value is null)
        {
            writer.WriteNull();
        }
        else
        {
            WriteBytes(ref writer, value);
        }
    }

    public static void WriteBytes(ref MdsfWriter writer, ReadOnlySpan<byte> value)
    {
        byte[] text = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(value.Length));
        Base64.EncodeToUtf8(value, text, out _, out int length);
        writer.WriteStringUtf8(text.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(text);
    }
}
