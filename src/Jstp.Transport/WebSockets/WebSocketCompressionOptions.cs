using System.ComponentModel;
using System.IO.Compression;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// How messages are compressed where the client agrees (RFC 7692). Compressing secrets together with what an attacker chose can reveal them, which is
/// why it is off until asked for. In configuration, <c>true</c> stands for the defaults and <c>false</c> for none.
/// </summary>
[TypeConverter(typeof(WebSocketCompressionOptionsConverter))]
public sealed class WebSocketCompressionOptions
{
    /// <summary>
    /// Whether a message may refer to what earlier ones contained: better compression for some 300 KiB of memory a connection. The default is
    /// <see langword="false"/>.
    /// </summary>
    public bool ServerContextTakeover { get; set; }

    /// <summary>Whether the client may do the same, for some 45 KiB of memory a connection here. The default is <see langword="false"/>.</summary>
    public bool ClientContextTakeover { get; set; }

    /// <summary>Bytes from which on a message is compressed at all. The default is 1,024.</summary>
    public int Threshold { get; set; } = 1024;

    /// <summary>Speed against size. The default is the fastest.</summary>
    public CompressionLevel Level { get; set; } = CompressionLevel.Fastest;
}
