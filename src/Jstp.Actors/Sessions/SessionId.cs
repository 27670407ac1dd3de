using System.Security.Cryptography;

namespace Jstp.Actors.Sessions;

/// <summary>
/// Makes and shortens session ids. An id is a bearer secret (protocol page, D20): a version 4 UUID whose 122 free bits come from the
/// system's secure generator; logs get a shortened form that cannot be used.
/// </summary>
internal static class SessionId
{
    private const int LoggedLength = 8;

    public static string Create()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40); // RFC 9562, 5.4: version 4
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80); // RFC 9562, 4.1: variant

        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <summary>The part of an id that a log may show.</summary>
    public static string ForLog(string id) => id.Length <= LoggedLength ? "…" : string.Concat(id.AsSpan(0, LoggedLength), "…");
}
