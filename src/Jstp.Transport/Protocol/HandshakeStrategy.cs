namespace Jstp.Transport.Protocol;

/// <summary>How a client wants to be known (protocol page, 5.1).</summary>
public enum HandshakeStrategy : byte
{
    /// <summary>Without a user; the policy is not asked.</summary>
    Anonymous,

    /// <summary>As the session that it had before; the policy is not asked.</summary>
    Session,

    /// <summary>With <c>[user, password]</c>; the policy decides.</summary>
    Login,

    /// <summary>By a name of the application's own, with any value; the policy decides. Old java clients send the user name here.</summary>
    Other,
}
