namespace Jstp.Transport.Protocol;

/// <summary>The error codes of the protocol (protocol page, section 7). Other codes belong to applications.</summary>
public static class JstpErrorCode
{
    /// <summary>-1: a call arrived, but its answer was lost with the connection; it may have been executed. Never sent.</summary>
    public const int CallbackLost = -1;

    /// <summary>-2: the connection ended before the handshake was answered. Never sent.</summary>
    public const int NoHandshakeResponse = -2;

    /// <summary>1: an error that is only a text.</summary>
    public const int Text = 1;

    /// <summary>10: there is no such application, or no version of it that would do. Answers a handshake.</summary>
    public const int ApplicationNotFound = 10;

    /// <summary>11: the login was refused, or the session cannot be restored. Answers a handshake.</summary>
    public const int AuthenticationFailed = 11;

    /// <summary>12: there is no such interface. Answers a call or an inspect.</summary>
    public const int InterfaceNotFound = 12;

    /// <summary>13: reserved; nobody sends it.</summary>
    public const int InterfaceIncompatible = 13;

    /// <summary>14: the interface has no such method. Answers a call.</summary>
    public const int MethodNotFound = 14;

    /// <summary>15: a client was asked for a handshake. Sent by clients.</summary>
    public const int NotAServer = 15;

    /// <summary>16: the method failed; why is not told.</summary>
    public const int InternalApiError = 16;

    /// <summary>17: the number or the form of the arguments is wrong. Answers a call.</summary>
    public const int InvalidSignature = 17;

    /// <summary>
    /// The fixed message of a code of the protocol, which is not sent; null for every other code and for <see cref="Text"/>.
    /// </summary>
    public static string? DefaultMessage(int code) => code switch
    {
        CallbackLost => "Connection closed before receiving callback",
        NoHandshakeResponse => "Connection closed before receiving handshake",
        ApplicationNotFound => "Application not found",
        AuthenticationFailed => "Authentication failed",
        InterfaceNotFound => "Interface not found",
        InterfaceIncompatible => "Incompatible interface",
        MethodNotFound => "Method not found",
        NotAServer => "Not a server",
        InternalApiError => "Internal API error",
        InvalidSignature => "Invalid signature",
        _ => null,
    };
}
