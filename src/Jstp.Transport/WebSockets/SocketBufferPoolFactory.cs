using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Jstp.Transport.WebSockets;

/// <summary>Gives Kestrel, whose listeners each ask for a pool, one for all of them.</summary>
internal sealed class SocketBufferPoolFactory : IMemoryPoolFactory<byte>, IDisposable
{
    private readonly SocketBufferPool _pool = new();

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => _pool;

    public void Dispose() => _pool.Dispose();
}
