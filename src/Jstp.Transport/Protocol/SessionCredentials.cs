using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Protocol;

/// <summary>What a client shows to restore a session: <c>[sessionId, count]</c> (protocol page, 10.3).</summary>
/// <param name="SessionId">The session.</param>
/// <param name="ReceivedCount">
/// How many messages the client claims to have received, 0 to 2^53 - 1. Not to be trusted: cap it at the highest id sent, and never loop
/// over it (D8).
/// </param>
public readonly record struct SessionCredentials(string SessionId, long ReceivedCount)
{
    /// <summary>Reads the credentials of the <c>session</c> strategy.</summary>
    /// <returns>Null if they are malformed, which is answered by error 11.</returns>
    public static SessionCredentials? FromRequest(HandshakeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);

        return request.Strategy == HandshakeStrategy.Session && request.CredentialsType == MdsfTokenType.StartArray
            ? Read(request.Credentials)
            : null;
    }

    private static SessionCredentials? Read(ReadOnlyMemory<byte> credentials)
    {
        // The message reader has accepted the text with limits that are not known here, and nothing deep is looked at.
        var reader = new MdsfReader(credentials.Span, new MdsfReaderOptions { MaxDepth = int.MaxValue, MaxValueCount = int.MaxValue });
        reader.Read();
        reader.Read();

        JstpName name = JstpMessageSlice.FromToken(credentials.Span, reader).NameIn(credentials);

        if (reader.TokenType != MdsfTokenType.String || !name.TryGetKnowable(out string? sessionId))
        {
            return null;
        }

        reader.Read();

        return reader.TokenType switch
        {
            MdsfTokenType.EndArray or MdsfTokenType.Undefined => new SessionCredentials(sessionId, 0),
            MdsfTokenType.Number when reader.GetDouble() is >= 0 and var count && double.IsInteger(count) =>
                new SessionCredentials(sessionId, (long)Math.Min(count, JstpMessageId.MaxMagnitude)),
            _ => null,
        };
    }
}
