using System.Text;
using Jstp.Actors.Persistence.Columns;
using Jstp.Actors.Sessions;

namespace Jstp.Actors.Tests.Persistence.Columns;

public sealed class MessageRowsTests
{
    private const long Largest = 1L << 53;

    [Fact]
    public void Pack_OneMessage_IsARowOfItsOwnKind()
    {
        MessageRow row = Assert.Single(Pack([Message(OutgoingKind.Call, 7, "a call")]));

        Assert.Equal((short)OutgoingKind.Call, row.Kind);
        Assert.Equal(7, row.Magnitude);
        Assert.Equal("a call", Encoding.UTF8.GetString(row.Tail.Span));
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(2, 0)]
    [InlineData(16, 60)]
    [InlineData(300, 60)] // more than one row
    [InlineData(5, 128)] // lengths and distances of two bytes
    [InlineData(3, 20_000)] // each more than a row is meant to have
    public void Unpack_OfWhatWasPacked_GivesItBack(int count, int length)
    {
        OutgoingMessage[] messages = [.. Enumerable.Range(1, count).Select(i => Message((OutgoingKind)(i % 3), i * 200L, new string('x', length)))];

        List<MessageRow> rows = Pack(messages);

        Assert.Equal(messages.Select(RecordText.Of), Unpack(rows, after: 0).Select(RecordText.Of));
        Assert.Equal(messages[^1].Magnitude, rows[^1].Magnitude);
    }

    [Fact]
    public void Pack_ShortMessages_ShareRowsOfLessThanHalfAPage()
    {
        List<MessageRow> rows = Pack([.. Enumerable.Range(1, 100).Select(i => Message(OutgoingKind.Event, i, new string('x', 60)))]);

        Assert.InRange(rows.Count, 2, 4);
        Assert.All(rows, row => Assert.InRange(row.Tail.Length, 1, 3800));
    }

    [Fact]
    public void Pack_LargestMagnitudes_AreKept()
    {
        OutgoingMessage[] messages = [Message(OutgoingKind.Event, Largest - 1, "a"), Message(OutgoingKind.Event, Largest, "b")];

        Assert.Equal([Largest - 1, Largest], Unpack(Pack(messages), after: 0).Select(static message => message.Magnitude));
    }

    [Fact]
    public void Pack_WhatTheClientHas_IsLeftOut()
    {
        List<MessageRow> rows = [];

        MessageRows.Pack([Message(OutgoingKind.Event, 1, "a"), Message(OutgoingKind.Event, 2, "b"), Message(OutgoingKind.Event, 3, "c")], after: 2, rows);

        Assert.Equal((3, (short)OutgoingKind.Event), (rows.Single().Magnitude, rows.Single().Kind));
    }

    [Theory]
    [InlineData(0, "abc")]
    [InlineData(1, "bc")]
    [InlineData(3, "")]
    public void Unpack_RowOfWhichTheClientHasSome_GivesTheRest(long delivered, string rest)
    {
        List<MessageRow> rows = Pack([Message(OutgoingKind.Event, 1, "a"), Message(OutgoingKind.Event, 2, "b"), Message(OutgoingKind.Event, 3, "c")]);

        Assert.Equal(rest, string.Concat(Unpack(rows, delivered).Select(static message => Encoding.UTF8.GetString(message.Tail.Span))));
    }

    private static OutgoingMessage Message(OutgoingKind kind, long magnitude, string tail) => new(kind, magnitude, Encoding.UTF8.GetBytes(tail));

    private static List<MessageRow> Pack(OutgoingMessage[] messages)
    {
        List<MessageRow> rows = [];
        MessageRows.Pack(messages, after: 0, rows);

        return rows;
    }

    private static List<OutgoingMessage> Unpack(List<MessageRow> rows, long after)
    {
        List<OutgoingMessage> messages = [];
        rows.ForEach(row => MessageRows.Unpack(row, after, messages));

        return messages;
    }
}
