namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts bytes to and from Base64 with padding.</summary>
internal sealed class MemoryConverter(BytesConverter bytes) : MdsfConverter<ReadOnlyMemory<byte>>
{
    public override ReadOnlyMemory<byte> Read(ref MdsfReader reader) =>
        bytes.Read(ref reader) ?? MdsfThrowHelper.ThrowDoesNotFit<byte[]>("a string of Base64", reader);

    public override void Write(ref MdsfWriter writer, ReadOnlyMemory<byte> value) => BytesConverter.WriteBytes(ref writer, value.Span);
}
