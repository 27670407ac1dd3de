namespace Jstp.Transport.Protocol;

/// <summary>The arithmetic of message ids (protocol page, section 3). Their magnitude is what counts; the sign tells the side.</summary>
public static class JstpMessageId
{
    /// <summary>The largest magnitude of an id, 2^53 - 1: beyond it JavaScript cannot count.</summary>
    public const long MaxMagnitude = (1L << 53) - 1;

    /// <summary>Tells whether a number can be an id.</summary>
    public static bool IsValid(long id) => id is >= -MaxMagnitude and <= MaxMagnitude;

    /// <summary>The magnitude of a valid id.</summary>
    public static long Magnitude(long id) => Math.Abs(id);

    /// <summary>The server's id with a magnitude: its first after the handshake is -1, and each is below the one before (D1).</summary>
    public static long OfServer(long magnitude) => -magnitude;
}
