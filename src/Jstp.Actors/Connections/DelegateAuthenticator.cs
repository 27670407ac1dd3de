namespace Jstp.Actors.Connections;

/// <summary>An authenticator that is one function.</summary>
internal sealed class DelegateAuthenticator(Func<JstpAuthenticationContext, CancellationToken, ValueTask<string?>> authenticate) : IJstpAuthenticator
{
    public ValueTask<string?> AuthenticateAsync(JstpAuthenticationContext context, CancellationToken cancellationToken) =>
        authenticate(context, cancellationToken);
}
