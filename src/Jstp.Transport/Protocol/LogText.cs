using System.Text;

namespace Jstp.Transport.Protocol;

/// <summary>Shows a piece of a peer's text in the log, where it can do no harm.</summary>
internal static class LogText
{
    /// <summary>Bytes that say what kind of text it was, for a log that anybody can make grow.</summary>
    public const int BriefLength = 64;

    /// <summary>Bytes that show most messages whole, for a log that was asked for.</summary>
    public const int FullLength = 1024;

    /// <summary>The first bytes of a text, with everything but printable ASCII replaced.</summary>
    public static string Excerpt(ReadOnlySpan<byte> text, int maxLength)
    {
        int length = Math.Min(text.Length, maxLength);
        var excerpt = new StringBuilder(length + 1);

        foreach (byte value in text[..length])
        {
            excerpt.Append(value is >= 0x20 and < 0x7F ? (char)value : '·');
        }

        return text.Length > maxLength ? excerpt.Append('…').ToString() : excerpt.ToString();
    }
}
