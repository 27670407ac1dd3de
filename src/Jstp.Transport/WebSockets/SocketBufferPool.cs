using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// The blocks that Kestrel receives into and sends from. Its own are 4 KiB, and so is every receive; with larger ones a message is one receive and lies
/// in one piece, which the codec can use where it lies. Large blocks are limited in number, so that ten thousand peers that each send half a request hold
/// no more than before.
/// </summary>
internal sealed class SocketBufferPool : MemoryPool<byte>
{
    /// <summary>
    /// A frame of 64 KiB with its header, and some: half the receives, and of a message nothing is copied on the way in. 32 KiB took a third more processor
    /// time for a message of 16 KiB and a quarter more for one of 64 KiB; 144 KiB gained nothing.
    /// </summary>
    public const int LargeLength = 72 * 1024;

    public const int SmallLength = 4 * 1024;

    /// <summary>Large blocks at most: 18 MiB, which as many connections as are busy at a time seldom need.</summary>
    public const int MaxLargeCount = 256;

    /// <summary>Small blocks that are kept for reuse at most: 16 MiB.</summary>
    private const int MaxIdleSmallCount = 4096;

    private readonly Lock _lock = new();
    private Block? _idleLarge;
    private Block? _idleSmall;
    private int _largeCount;
    private int _idleSmallCount;

    /// <inheritdoc/>
    public override int MaxBufferSize => SmallLength;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, MaxBufferSize);

        bool isLarge;

        lock (_lock)
        {
            if (TryTakeLocked(ref _idleLarge, out Block? block))
            {
                return block;
            }

            isLarge = _largeCount < MaxLargeCount;

            if (isLarge)
            {
                _largeCount++;
            }
            else if (TryTakeLocked(ref _idleSmall, out block))
            {
                _idleSmallCount--;
                return block;
            }
        }

        return new Block(this, isLarge ? LargeLength : SmallLength) { IsRented = true };
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // Blocks still in use come back later; all of them are the collector's.
    }

    private static bool TryTakeLocked(ref Block? head, [NotNullWhen(true)] out Block? block)
    {
        block = head;

        if (block is null)
        {
            return false;
        }

        head = block.Next;
        block.Next = null;
        block.IsRented = true;
        return true;
    }

    private void Return(Block block)
    {
        lock (_lock)
        {
            Debug.Assert(block.IsRented, "A block is returned once.");
            block.IsRented = false;

            if (block.Memory.Length == LargeLength)
            {
                block.Next = _idleLarge;
                _idleLarge = block;
            }
            else if (_idleSmallCount < MaxIdleSmallCount)
            {
                _idleSmallCount++;
                block.Next = _idleSmall;
                _idleSmall = block;
            }
        }
    }

    private sealed class Block(SocketBufferPool pool, int length) : IMemoryOwner<byte>
    {
        public Block? Next { get; set; }

        public bool IsRented { get; set; }

        // Pinned from the start, as the kernel writes into it.
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(length, pinned: true);

        public void Dispose() => pool.Return(this);
    }
}
