namespace Jstp.Samples.WebSocketEcho;

/// <summary>The command line.</summary>
internal sealed class EchoSettings
{
    /// <summary>Bytes that a message may have. The default is 32 MiB, twice what the largest case of the Autobahn suite sends.</summary>
    public long MaxMessage { get; set; } = 32 * 1024 * 1024;
}
