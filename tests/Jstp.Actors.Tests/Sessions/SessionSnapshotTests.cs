using FsCheck;
using FsCheck.Fluent;
using Jstp.Actors.Sessions;
using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Tests.Sessions;

public sealed class SessionSnapshotTests
{
    private const string Sound =
        """{"id":"x","application":"app","username":null,"receivedCount":3,"guaranteedDeliveredCount":1,"latestBufferedMessageId":-2,"buffer":[[2,"{event:[-2,'i'],e:[]}"]],"storage":[["k","{a:1}"]]}""";

    [Fact]
    public void Parse_WhatWasWritten_IsWrittenTheSameAgain()
    {
        Prop.ForAll<NonNull<string>, NonNull<string>, PositiveInt>((user, key, count) =>
        {
            var session = new Session("id", "app", WellFormed(user.Get), new SessionData()) { ReceivedCount = count.Get };
            session.Data[WellFormed(key.Get)] = MdsfValue.Parse(System.Text.Encoding.UTF8.GetBytes($"{{v:{count.Get}}}"));

            for (int i = 0; i < (count.Get % 5) + 1; i++)
            {
                byte[] tail = System.Text.Encoding.UTF8.GetBytes($",'i'],e:['{WellFormed(key.Get)}']}}");
                session.Append((OutgoingKind)(i % 3), tail);
            }

            session.Acknowledge(-1);
            string text = session.Export().ToString();
            var read = SessionSnapshot.Parse(text);

            return read.ToString() == text && read.UserName == session.UserName && read.Data.Count == 1;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Parse_AnySoundText_GivesItsParts()
    {
        var session = SessionSnapshot.Parse(Sound);

        Assert.Equal(("x", "app", null, 3, 1, 2), (session.Id, session.Application, session.UserName, session.ReceivedCount, session.DeliveredCount, session.LastMagnitude));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("\"id\":\"x\",", "")]
    [InlineData("\"id\":\"x\"", "\"id\":7")]
    [InlineData("\"id\":\"x\"", "\"id\":null")]
    [InlineData("\"receivedCount\":3", "\"receivedCount\":-3")] // D9
    [InlineData("\"receivedCount\":3", "\"receivedCount\":NaN")]
    [InlineData("\"receivedCount\":3", "\"receivedCount\":1.5")]
    [InlineData("\"receivedCount\":3", "\"receivedCount\":9007199254740992")]
    [InlineData("\"receivedCount\":3", "\"receivedCount\":1e99")]
    [InlineData("DeliveredCount\":1", "DeliveredCount\":3")]
    [InlineData("DeliveredCount\":1", "DeliveredCount\":2")]
    [InlineData("MessageId\":-2", "MessageId\":-1")]
    [InlineData("MessageId\":-2", "MessageId\":-9223372036854775808")]
    [InlineData("[[2,", "[[3,")]
    [InlineData("[[2,", "[[2],[2,")]
    [InlineData("{event:[-2", "{callback:[-2")]
    [InlineData("[-2,'i']", "[-3,'i']")]
    [InlineData("{a:1}", "{a:")]
    [InlineData("[[\"k\",\"{a:1}\"]]", "[[\"k\",\"1\"],[\"k\",\"1\"]]")]
    [InlineData("[[\"k\",\"{a:1}\"]]", "{}")]
    public void Parse_Unsound_ThrowsFormatException(string part, string replacement)
    {
        string text = part.Length == 0 ? "[1]" : Sound.Replace(part, replacement, StringComparison.Ordinal);

        Assert.Throws<FormatException>(() => SessionSnapshot.Parse(text));
    }

    [Fact]
    public void Parse_MutatedText_ParsesOrThrowsFormatException()
    {
        var random = new Random(7);

        for (int i = 0; i < 5000; i++)
        {
            char[] text = Sound.ToCharArray();

            for (int change = random.Next(1, 4); change > 0; change--)
            {
                text[random.Next(text.Length)] = "0123456789-[]{},:\"'ex\\"[random.Next(22)];
            }

            Exception? exception = Record.Exception(() => SessionSnapshot.Parse(new string(text)));

            Assert.True(exception is null or FormatException, $"{new string(text)}: {exception}");
        }
    }

    // JSON has no unpaired surrogates, and the quote would end the text of the message.
    private static string WellFormed(string text) => new([.. text.Where(static character => !char.IsSurrogate(character) && character is not ('\'' or '\\'))]);
}
