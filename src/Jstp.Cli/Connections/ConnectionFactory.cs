using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jstp.Cli.Output;
using Jstp.Client;
using Jstp.Client.Authentication;
using Jstp.Client.Connections;
using Jstp.Client.Reconnection;
using Jstp.Client.Sessions;
using Jstp.Transport.Protocol;
using Jstp.Transport.WebSockets;

namespace Jstp.Cli.Connections;

/// <summary>Connects with <see cref="JstpClient"/>, and says of each failure whose it is.</summary>
internal sealed class ConnectionFactory(CliConsole console, TimeProvider time) : IConnectionFactory
{
    // Below the time that a process gets to end when it is asked to.
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    public async Task<CliSession> OpenAsync(
        ConnectionSettings settings, Action<JstpClientConnection>? prepare, bool staysConnected, CancellationToken cancellationToken)
    {
        SessionFile? file = settings.SessionFile is { } path ? new SessionFile(path) : null;
        JstpSessionState? state = file?.TryLoad();
        JstpClientOptions options = CreateOptions(settings, prepare, staysConnected);
        JstpClientConnection connection = await ConnectAsync(settings, state, options, cancellationToken);

        try
        {
            file?.Save(connection.ExportSession()); // whoever is killed from now on finds it
        }
        catch (CliException)
        {
            await connection.CloseAsync();
            throw;
        }

        return new CliSession(connection, settings, file);
    }

    private JstpClientOptions CreateOptions(ConnectionSettings settings, Action<JstpClientConnection>? prepare, bool staysConnected) => new()
    {
        ConnectPolicy = settings.Login is { } login ? JstpConnectPolicy.Login(login, settings.Password ?? "") : JstpConnectPolicy.Anonymous,
        Reconnector = staysConnected ? JstpBackoff.Default : null,
        ConnectTimeout = settings.Timeout,
        CloseTimeout = CloseTimeout,
        Tls = CreateTls(settings),
        LoggerFactory = settings.IsVerbose ? new MessageLog(console) : null,
        ConfigureConnection = prepare,
        TimeProvider = time,
    };

    private static async Task<JstpClientConnection> ConnectAsync(
        ConnectionSettings settings, JstpSessionState? state, JstpClientOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return state is null
                ? await JstpClient.ConnectAsync(settings.Application, options, settings.Url, cancellationToken)
                : await JstpClient.ReconnectAsync(state, settings.Application, options, settings.Url, cancellationToken);
        }
        catch (JstpException error) when (error.Code == JstpErrorCode.NoHandshakeResponse)
        {
            throw new CliException(ExitCode.CannotConnect, $"{settings.Url} ended the connection without an answer to the handshake.", error);
        }
        catch (JstpException error)
        {
            string hint = state is not null && error.Code == JstpErrorCode.AuthenticationFailed
                ? $" The server no longer knows the session of '{settings.SessionFile}'; without the file a new one is opened."
                : "";

            throw new CliException(ExitCode.Refused, $"{settings.Url} has refused: {Failure.Describe(error)}.{hint}", error);
        }
        catch (Exception error) when (error is SocketException or WebSocketHandshakeException or AuthenticationException or IOException or InvalidDataException)
        {
            throw new CliException(ExitCode.CannotConnect, $"Cannot connect to {settings.Url}: {Reasons(error)}", error);
        }
    }

    private static string Reasons(Exception error)
    {
        // The reason of a failed handshake is often a layer below: no such host, no trust in a certificate.
        string? inner = error.InnerException?.Message;

        return inner is null || error.Message.Contains(inner, StringComparison.Ordinal) ? error.Message : $"{error.Message} {inner}";
    }

    private static SslClientAuthenticationOptions? CreateTls(ConnectionSettings settings)
    {
        if (settings.IsInsecure)
        {
#pragma warning disable CA5359 // that is what --insecure asks for
            return new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true };
#pragma warning restore CA5359
        }

        if (settings.AuthorityFile is not { } path)
        {
            return null;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };

        try
        {
            policy.CustomTrustStore.ImportFromPemFile(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CliException(ExitCode.Usage, $"The authorities cannot be read: {exception.Message}", exception);
        }

        return policy.CustomTrustStore.Count > 0
            ? new SslClientAuthenticationOptions { CertificateChainPolicy = policy }
            : throw new CliException(ExitCode.Usage, $"'{path}' holds no certificate in PEM form.");
    }
}
