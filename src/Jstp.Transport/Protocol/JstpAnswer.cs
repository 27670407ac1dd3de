namespace Jstp.Transport.Protocol;

/// <summary>What the second member of a callback or of a handshake answer says.</summary>
public enum JstpAnswer : byte
{
    /// <summary>There is no second member, or it has another name: a failure without a reason.</summary>
    Neither,

    /// <summary><c>ok</c>: the value holds the results.</summary>
    Ok,

    /// <summary><c>error</c>: the value is an error, see <see cref="JstpError.Read"/>.</summary>
    Error,
}
