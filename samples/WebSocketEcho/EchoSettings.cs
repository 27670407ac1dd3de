using Jstp.Transport.WebSockets;

namespace Jstp.Samples.WebSocketEcho;

/// <summary>The command line.</summary>
internal sealed class EchoSettings
{
    /// <summary>Bytes that a message may have. The default is 32 MiB, twice what the largest case of the Autobahn suite sends.</summary>
    public long MaxMessage { get; set; } = 32 * 1024 * 1024;

    /// <summary>Whether messages are compressed where the client agrees.</summary>
    public bool Deflate { get; set; }

    /// <summary>Whether to drive the codec directly, without the thread-safe connection above it.</summary>
    public bool Raw { get; set; }

    /// <summary>Puts the settings into a server's.</summary>
    public void Apply(WebSocketServerOptions options)
    {
        options.MaxReceivedFrameSize = MaxMessage;
        options.MaxReceivedMessageSize = MaxMessage;
        options.MaxFragmentsPerMessage = null;
        options.Compression = Deflate ? new WebSocketCompressionOptions { ServerContextTakeover = true, ClientContextTakeover = true } : null;
    }
}
