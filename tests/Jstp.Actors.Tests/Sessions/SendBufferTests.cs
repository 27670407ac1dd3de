using System.Runtime.InteropServices;
using Jstp.Actors.Sessions;

namespace Jstp.Actors.Tests.Sessions;

public sealed class SendBufferTests
{
    private readonly SendBuffer _buffer = new();
    private long _magnitude;

    [Fact]
    public void Add_TextsOfAllLengths_KeepsEachAsItWas()
    {
        var random = new Random(1);
        List<(OutgoingMessage Message, byte[] Expected)> kept = []; // longer than the buffer does, as the journal may

        for (int i = 0; i < 2000; i++)
        {
            byte[] text = new byte[random.Next(8) == 0 ? random.Next(2000) : random.Next(60)];
            random.NextBytes(text);
            kept.Add((Add(text), [.. text]));

            if (random.Next(50) == 0)
            {
                _buffer.ReleaseThrough(random.NextInt64(_magnitude + 1));
            }
        }

        Assert.All(kept, static item => Assert.Equal(item.Expected, item.Message.Tail.ToArray()));
        Assert.Equal(kept.TakeLast(_buffer.Count).Select(static item => item.Message), _buffer.Messages);
        Assert.NotEqual(0, _buffer.Count);
    }

    [Fact]
    public void Add_CallerUsesTheArrayAgain_KeepsTheText()
    {
        byte[] text = [1, 2, 3];

        Add(text);
        text[0] = 9;

        Assert.Equal(1, _buffer.Messages.Single().Tail.Span[0]);
    }

    [Fact]
    public void Add_ManyShortTexts_TakesFewArrays()
    {
        for (int i = 0; i < 1000; i++)
        {
            Add(new byte[30]);
        }

        HashSet<byte[]> arrays = Arrays();
        Assert.InRange(arrays.Count, 1, 15); // with one for each message a garbage collection has so much more to do
        Assert.InRange(arrays.Sum(static array => array.Length), 30_000, 36_000);
    }

    [Fact]
    public void Add_OneShortText_TakesLittleRoom()
    {
        Add(new byte[30]);

        Assert.InRange(Arrays().Single().Length, 30, 128);
    }

    [Fact]
    public void Add_SharedText_KeepsTheOneThatIsShared()
    {
        byte[] text = [1, 2, 3];

        _buffer.Add(new OutgoingMessage(OutgoingKind.Event, 1, text), isShared: true);

        Assert.Same(text, ArrayOf(_buffer.Messages.Single()));
    }

    [Fact]
    public void Add_LongText_IsNotCopied()
    {
        byte[] text = new byte[1025];

        Add(text);

        Assert.Same(text, ArrayOf(_buffer.Messages.Single()));
    }

    [Fact]
    public void ReleaseThrough_All_KeepsNoRoomForWhatMayNeverCome()
    {
        OutgoingMessage first = Add(new byte[30]);

        _buffer.ReleaseThrough(_magnitude);
        Add(new byte[30]);

        Assert.NotSame(ArrayOf(first), ArrayOf(_buffer.Messages.Single()));
    }

    private OutgoingMessage Add(byte[] text) => _buffer.Add(new OutgoingMessage(OutgoingKind.Event, ++_magnitude, text), isShared: false);

    private HashSet<byte[]> Arrays() => [.. _buffer.Messages.Select(ArrayOf)];

    private static byte[] ArrayOf(OutgoingMessage message) =>
        MemoryMarshal.TryGetArray(message.Tail, out ArraySegment<byte> segment) ? segment.Array! : throw new InvalidOperationException("The text is in no array.");
}
