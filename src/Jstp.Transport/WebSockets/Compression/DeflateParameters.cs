namespace Jstp.Transport.WebSockets.Compression;

/// <summary>What two ends agreed on for permessage-deflate (RFC 7692, 7.1), seen from the end that has it.</summary>
/// <param name="OwnContextTakeover">Whether our messages may refer to our earlier ones.</param>
/// <param name="PeerContextTakeover">Whether the peer's messages may refer to its earlier ones.</param>
/// <param name="OwnWindowBits">The base-2 logarithm of how far back our messages may refer: 8 to 15.</param>
internal readonly record struct DeflateParameters(bool OwnContextTakeover, bool PeerContextTakeover, int OwnWindowBits)
{
    public const int LargestWindowBits = 15;
    public const int SmallestWindowBits = 8;
}
