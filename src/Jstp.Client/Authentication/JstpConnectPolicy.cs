using Jstp.Transport.Mdsf;

namespace Jstp.Client.Authentication;

/// <summary>The usual connect policies.</summary>
public static class JstpConnectPolicy
{
    /// <summary>Without a user.</summary>
    public static IJstpConnectPolicy Anonymous { get; } = new FixedPolicy(JstpCredentials.Anonymous);

    /// <summary>By user name and password.</summary>
    public static IJstpConnectPolicy Login(string userName, string password) => new FixedPolicy(JstpCredentials.Login(userName, password));

    /// <summary>By a strategy of the application's own, see <see cref="JstpCredentials.Custom"/>.</summary>
    public static IJstpConnectPolicy Custom(string strategy, MdsfValue credentials) => new FixedPolicy(JstpCredentials.Custom(strategy, credentials));

    /// <summary>By credentials that are fetched anew for each session, such as a token that expires.</summary>
    public static IJstpConnectPolicy From(Func<JstpApplicationName, CancellationToken, ValueTask<JstpCredentials>> getCredentials)
    {
        ArgumentNullException.ThrowIfNull(getCredentials);

        return new DelegatePolicy(getCredentials);
    }

    private sealed class FixedPolicy(JstpCredentials credentials) : IJstpConnectPolicy
    {
        public ValueTask<JstpCredentials> GetCredentialsAsync(JstpApplicationName application, CancellationToken cancellationToken) => new(credentials);
    }

    private sealed class DelegatePolicy(Func<JstpApplicationName, CancellationToken, ValueTask<JstpCredentials>> getCredentials) : IJstpConnectPolicy
    {
        public ValueTask<JstpCredentials> GetCredentialsAsync(JstpApplicationName application, CancellationToken cancellationToken) =>
            getCredentials(application, cancellationToken);
    }
}
