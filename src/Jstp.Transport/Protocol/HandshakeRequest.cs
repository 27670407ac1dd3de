using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Protocol;

/// <summary>What a client asks for in its handshake (protocol page, 5.1).</summary>
/// <param name="Application">
/// The name of the application; null if there is a value that is no text or too long, which no application is named: error 10.
/// </param>
/// <param name="Version">The version.</param>
/// <param name="Strategy">How the client wants to be known.</param>
/// <param name="StrategyName">
/// The strategy as the client spelled it, <c>anonymous</c> if it named none; null if it is too long to be known, which fails with error 11.
/// </param>
/// <param name="CredentialsType">The type of the credentials, None if there are none.</param>
/// <param name="Credentials">The raw credentials, a slice of the message: copy what must outlive it. Empty if there are none.</param>
public sealed record HandshakeRequest(
    string? Application,
    VersionRequest Version,
    HandshakeStrategy Strategy,
    string? StrategyName,
    MdsfTokenType CredentialsType,
    ReadOnlyMemory<byte> Credentials)
{
    private const string Anonymous = "anonymous";

    /// <summary>Takes the request out of a handshake message.</summary>
    /// <returns>
    /// Null if there is no application name (missing, <c>''</c>, 0, null, false): then it is no request, and a server closes the
    /// connection (protocol page, section 4, rule 6).
    /// </returns>
    public static HandshakeRequest? FromMessage(in JstpMessage message)
    {
        if (IsFalsy(message.TargetType, message.Target.Span))
        {
            return null;
        }

        bool isNamed = message.TargetType == MdsfTokenType.String;
        string? application = isNamed && message.TargetName.TryGetKnowable(out string? name) ? name : null;
        string? strategyName = Anonymous;

        if (message.HasBody && !message.Name.IsEmpty)
        {
            strategyName = message.Name.TryGetKnowable(out string? knowable) ? knowable : null;
        }

        return new HandshakeRequest(
            application, ReadVersion(message), StrategyOf(strategyName), strategyName, message.ValueType, message.Value);
    }

    private static HandshakeStrategy StrategyOf(string? name) => name switch
    {
        Anonymous => HandshakeStrategy.Anonymous,
        "session" => HandshakeStrategy.Session,
        "login" => HandshakeStrategy.Login,
        _ => HandshakeStrategy.Other,
    };

    private static VersionRequest ReadVersion(in JstpMessage message)
    {
        if (IsFalsy(message.VersionType, message.Version.Span))
        {
            return VersionRequest.Latest;
        }

        return message.VersionType == MdsfTokenType.String && message.VersionName.TryGetKnowable(out string? text)
            ? VersionRequest.FromText(text)
            : VersionRequest.Unsatisfiable;
    }

    /// <summary>Tells what JavaScript takes for false, which the reference takes for absent.</summary>
    private static bool IsFalsy(MdsfTokenType type, ReadOnlySpan<byte> value)
    {
        switch (type)
        {
            case MdsfTokenType.None or MdsfTokenType.Undefined or MdsfTokenType.Null or MdsfTokenType.False:
                return true;

            case MdsfTokenType.Number:
                var reader = new MdsfReader(value);
                reader.Read();
                return reader.GetDouble() is 0 or double.NaN;

            case MdsfTokenType.String:
                var text = new MdsfReader(value);
                text.Read();
                return text.ValueTextEquals(default);

            default:
                return false;
        }
    }
}
