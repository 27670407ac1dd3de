using System.Globalization;
using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Protocol;

/// <summary>
/// One call has failed with a code. Thrown by a method to tell its caller so, and to a caller by a proxy. Every other exception of a
/// method reaches its caller as <see cref="JstpErrorCode.InternalApiError"/>, without a word of its cause.
/// </summary>
public sealed class JstpException : Exception
{
    private readonly MdsfValue[] _info;

    /// <summary>Makes an error.</summary>
    /// <param name="code">
    /// The code. Those of <see cref="JstpErrorCode"/> are sent alone: their message is fixed, so message and info are dropped on the way.
    /// </param>
    /// <param name="message">What went wrong; null or empty for the default message, or the digits of the code if there is none.</param>
    /// <param name="info">Further values for the caller, which are sent only along with a message.</param>
    public JstpException(int code, string? message = null, params MdsfValue[] info)
        : base(string.IsNullOrEmpty(message) ? JstpErrorCode.DefaultMessage(code) ?? DigitsOf(code) : message)
    {
        ArgumentNullException.ThrowIfNull(info);
        Code = code;
        _info = [.. info];
    }

    /// <summary>The code, of <see cref="JstpErrorCode"/> or of the application.</summary>
    public int Code { get; }

    /// <summary>What came along with the message, empty if nothing did.</summary>
    public IReadOnlyList<MdsfValue> Info => _info;

    /// <summary>Whether the message says more than the code.</summary>
    internal bool HasOwnMessage => Message != DigitsOf(Code);

    private static string DigitsOf(int code) => code.ToString(CultureInfo.InvariantCulture);
}
