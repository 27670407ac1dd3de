using System.Buffers;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

public sealed class SocketBufferPoolTests
{
    [Fact]
    public void Rent_AfterReturn_GivesTheSameBlock()
    {
        using var pool = new SocketBufferPool();
        IMemoryOwner<byte> first = pool.Rent();
        Memory<byte> memory = first.Memory;

        first.Dispose();
        using IMemoryOwner<byte> second = pool.Rent();

        Assert.Equal(SocketBufferPool.LargeLength, memory.Length);
        Assert.True(memory.Equals(second.Memory));
    }

    [Fact]
    public void Rent_BeyondTheLargeOnes_GivesSmallOnesUntilALargeOneReturns()
    {
        using var pool = new SocketBufferPool();
        IMemoryOwner<byte>[] large = [.. Enumerable.Range(0, SocketBufferPool.MaxLargeCount).Select(_ => pool.Rent())];

        IMemoryOwner<byte> small = pool.Rent();
        large[0].Dispose();
        IMemoryOwner<byte> largeAgain = pool.Rent();
        small.Dispose();
        IMemoryOwner<byte> smallAgain = pool.Rent();

        Assert.All(large[1..], owner => Assert.Equal(SocketBufferPool.LargeLength, owner.Memory.Length));
        Assert.Equal(SocketBufferPool.LargeLength, largeAgain.Memory.Length);
        Assert.Equal(SocketBufferPool.SmallLength, smallAgain.Memory.Length);
    }

    [Fact]
    public void Rent_FromManyThreads_NeverGivesABlockTwice()
    {
        using var pool = new SocketBufferPool();

        Parallel.For(0, 20_000, i =>
        {
            using IMemoryOwner<byte> owner = pool.Rent();
            Span<byte> mark = owner.Memory.Span[..sizeof(int)];
            BitConverter.TryWriteBytes(mark, i);
            Thread.SpinWait(20);
            Assert.Equal(i, BitConverter.ToInt32(mark));
        });
    }

    [Fact]
    public void Rent_MoreThanTheMaximum_Throws()
    {
        using var pool = new SocketBufferPool();

        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(pool.MaxBufferSize + 1));
    }
}
