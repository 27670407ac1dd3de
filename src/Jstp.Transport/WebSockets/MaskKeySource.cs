using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Jstp.Transport.WebSockets;

/// <summary>Unpredictable mask keys for a client's frames (RFC 6455, 10.3), drawn from the system's generator many at a time.</summary>
internal static class MaskKeySource
{
    private const int KeysPerDraw = 64;

    [ThreadStatic]
    private static uint[]? _keys;

    [ThreadStatic]
    private static int _left;

    /// <summary>A key never used before.</summary>
    public static uint Next()
    {
        uint[] keys = _keys ??= new uint[KeysPerDraw];

        if (_left == 0)
        {
            RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(keys.AsSpan()));
            _left = KeysPerDraw;
        }

        return keys[--_left];
    }
}
