using System.Numerics;

namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Types whose values MDSF cannot hold, though a serializer might think so (mdsf.md, section 5.4).</summary>
internal static class UnsupportedTypes
{
    /// <summary>Whether values of the type are refused.</summary>
    public static bool Contains(Type type) =>
        type == typeof(BigInteger)
        || type == typeof(nint)
        || type == typeof(nuint)
        || type.IsPointer
        || type.IsByRefLike
        || typeof(Delegate).IsAssignableFrom(type);
}
