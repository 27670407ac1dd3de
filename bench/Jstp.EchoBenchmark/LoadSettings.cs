namespace Jstp.EchoBenchmark;

/// <summary>What the command line of <c>load</c> says.</summary>
internal sealed class LoadSettings
{
    public Uri Url { get; set; } = new("ws://127.0.0.1:9001/");

    /// <summary>Bytes of a message.</summary>
    public int Size { get; set; } = 16;

    public int Connections { get; set; } = 50;

    /// <summary>Messages on their way per connection.</summary>
    public int Outstanding { get; set; } = 8;

    public int Seconds { get; set; } = 4;

    /// <summary>Whether to offer compression, without contexts, and to send compressed.</summary>
    public bool Deflate { get; set; }

    /// <summary>The server's process, whose processor time is read; 0 is not to.</summary>
    public int Pid { get; set; }
}
