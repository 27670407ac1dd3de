using System.Buffers;
using Jstp.Actors.Persistence.Columns;

namespace Jstp.Actors.Sessions;

/// <summary>A request in an <see cref="AnswerLog"/>.</summary>
/// <param name="id">Its id, as it came.</param>
/// <param name="wantsAnswer">Whether there is, or will be, an answer to keep.</param>
/// <param name="generation">Over which connection of the session it came.</param>
/// <param name="text">What its text was.</param>
internal sealed class LoggedRequest(long id, bool wantsAnswer, int generation, TextFingerprint text)
{
    /// <summary>In place of a magnitude: not over this connection.</summary>
    public const long NotSent = long.MaxValue;

    public long Id => id;

    public bool WantsAnswer => wantsAnswer;

    public int Generation { get; set; } = generation;

    public TextFingerprint Text => text;

    /// <summary>The answer, a whole message; null while there is none.</summary>
    public byte[]? Answer { get; set; }

    /// <summary>The highest magnitude that a message of ours had when the answer was sent: an acknowledgement of anything above proves that it has arrived.</summary>
    public long SentBehind { get; set; } = NotSent;

    /// <summary>Whether the client has sent the request again over this connection.</summary>
    public bool IsRepeated { get; set; }

    public bool IsRunning => wantsAnswer && Answer is null;

    /// <summary>Whether there is an answer that was not sent over this connection.</summary>
    public bool IsOwed => Answer is not null && SentBehind == NotSent;

    /// <summary>Bytes that it holds.</summary>
    public int Length => text.Length + (Answer?.Length ?? 0);

    /// <summary>Reads what <see cref="Write"/> wrote. It came over no connection of this holder.</summary>
    public static LoggedRequest Read(ref ReadOnlySpan<byte> written)
    {
        long id = ColumnFormat.ReadInt64(ref written);
        bool wantsAnswer = ColumnFormat.ReadInt64(ref written) != 0;
        var text = TextFingerprint.Read(ref written);
        byte[] answer = ColumnFormat.ReadBytes(ref written).ToArray(); // an answer that is there has bytes

        return new LoggedRequest(id, wantsAnswer, generation: 0, text) { Answer = answer.Length > 0 ? answer : null };
    }

    public void Write(IBufferWriter<byte> output)
    {
        ColumnFormat.WriteInt64(output, id);
        ColumnFormat.WriteInt64(output, wantsAnswer ? 1 : 0);
        text.Write(output);
        ColumnFormat.WriteBytes(output, Answer);
    }
}
