using System.Buffers;

namespace Jstp.Transport.WebSockets;

/// <summary>Our Close, which goes out when all that was sent before it has.</summary>
internal sealed class CloseOperation(Action writeClose) : SendOperation
{
    public override int Length => 0;

    public override bool WriteNext(IBufferWriter<byte> output)
    {
        writeClose();
        return true;
    }
}
