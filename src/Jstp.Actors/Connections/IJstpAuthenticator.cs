using Jstp.Transport.Protocol;

namespace Jstp.Actors.Connections;

/// <summary>
/// Decides on handshakes. It is not asked about anonymous ones (protocol page, 5.1); of restores it is asked only whether it objects.
/// </summary>
public interface IJstpAuthenticator
{
    /// <summary>Checks credentials.</summary>
    /// <returns>The user's name; null or empty refuses with error 11.</returns>
    /// <exception cref="JstpException">Refuses with this error, which the client is told.</exception>
    ValueTask<string?> AuthenticateAsync(JstpAuthenticationContext context, CancellationToken cancellationToken);

    /// <summary>May refuse that a session is restored (error 11), for instance where its user was locked out. The default allows it.</summary>
    ValueTask<bool> AllowRestoreAsync(string applicationName, string? userName, CancellationToken cancellationToken) => ValueTask.FromResult(true);
}
