namespace Jstp.Client.Authentication;

/// <summary>How a client makes itself known when it opens a session. Safe for use from many threads, as one may serve many connections.</summary>
public interface IJstpConnectPolicy
{
    /// <summary>Gives what the handshake shows. Asked for each new session, not for restores, which the session id alone makes.</summary>
    /// <param name="application">The application that is asked for.</param>
    /// <param name="cancellationToken">Cancelled when the attempt to connect has ended.</param>
    ValueTask<JstpCredentials> GetCredentialsAsync(JstpApplicationName application, CancellationToken cancellationToken);
}
