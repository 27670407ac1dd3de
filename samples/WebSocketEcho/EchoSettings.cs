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

    /// <summary>Lets a switch stand without its value: <c>--deflate</c> is <c>--deflate true</c>.</summary>
    public static string[] CompleteSwitches(string[] args)
        => [.. args.SelectMany((argument, i) => IsBareSwitch(args, i) ? [argument, "true"] : (string[])[argument])];

    private static bool IsBareSwitch(string[] args, int index)
        => args[index] is "--deflate" or "--raw" && (index + 1 == args.Length || args[index + 1].StartsWith('-'));

    /// <summary>Puts the settings into a server's.</summary>
    public void Apply(WebSocketServerOptions options)
    {
        options.MaxReceivedFrameSize = MaxMessage;
        options.MaxReceivedMessageSize = MaxMessage;
        options.MaxFragmentsPerMessage = null;
        options.MaxControlFramesPerSecond = null; // suites count the pongs
        options.Compression = Deflate ? new WebSocketCompressionOptions { ServerContextTakeover = true, ClientContextTakeover = true } : null;
    }
}
