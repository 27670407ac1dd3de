namespace Jstp.Transport.WebSockets.Compression;

/// <summary>Compression of one connection, both ways. Holds memory only while a message is worked on, unless a context is kept.</summary>
internal sealed class PerMessageDeflate : IDisposable
{
    public PerMessageDeflate(DeflateParameters parameters, WebSocketCompressionOptions options)
    {
        Deflater = new MessageDeflater(parameters, options.Level, options.Threshold);
        Inflater = new MessageInflater(parameters.PeerContextTakeover);
    }

    /// <summary>Belongs to whoever writes.</summary>
    public MessageDeflater Deflater { get; }

    /// <summary>Belongs to whoever reads.</summary>
    public MessageInflater Inflater { get; }

    public void Dispose()
    {
        Deflater.Dispose();
        Inflater.Dispose();
    }
}
