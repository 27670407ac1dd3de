using System.Net;
using Jstp.Actors.Applications;
using Jstp.Actors.Hosting;
using Jstp.Actors.Persistence;
using Jstp.Actors.Sessions;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;
using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Connections;

/// <summary>Decides on handshakes (protocol page, sections 5.3, 5.4 and 10.3).</summary>
internal sealed partial class HandshakePolicy(JstpServer server)
{
    private static readonly HandshakeOutcome ApplicationNotFound =
        new HandshakeOutcome.Refused(JstpError.FromCode(JstpErrorCode.ApplicationNotFound));

    private static readonly HandshakeOutcome AuthenticationFailed =
        new HandshakeOutcome.Refused(JstpError.FromCode(JstpErrorCode.AuthenticationFailed));

    /// <summary>Finds the application, asks the authenticator, opens or finds the session. Never fails.</summary>
    /// <param name="request">The request; its slices must stay valid.</param>
    /// <param name="remoteEndPoint">Where it came from.</param>
    /// <param name="cancellationToken">Cancelled when the outcome is not wanted any more.</param>
    public async Task<HandshakeOutcome> DecideAsync(HandshakeRequest request, EndPoint? remoteEndPoint, CancellationToken cancellationToken)
    {
        if (request.Application is null || !server.TryFindApplication(request.Application, request.Version, out JstpApplication? application))
        {
            return ApplicationNotFound;
        }

        try
        {
            return request.Strategy switch
            {
                HandshakeStrategy.Session => await RestoreAsync(request, application, cancellationToken),
                HandshakeStrategy.Anonymous => await OpenAsync(request, application, userName: null, cancellationToken),
                _ => await AuthenticateAsync(request, application, remoteEndPoint, cancellationToken),
            };
        }
        catch (JstpException error)
        {
            return new HandshakeOutcome.Refused(JstpError.FromException(error));
        }
        catch (SessionStoreException exception)
        {
            LogUnavailable(server.Logger, exception);

            return HandshakeOutcome.Unavailable.Instance;
        }
#pragma warning disable CA1031 // the authenticator and the storage are the application's: whatever they throw refuses this client only (D6)
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(server.Logger, exception, application.Name);
            }

            return AuthenticationFailed;
        }
    }

    private async Task<HandshakeOutcome> AuthenticateAsync(
        HandshakeRequest request, JstpApplication application, EndPoint? remoteEndPoint, CancellationToken cancellationToken)
    {
        if (request.StrategyName is not { } strategy || server.AuthenticatorOf(application) is not { } authenticator)
        {
            return AuthenticationFailed;
        }

        MdsfValue credentials = MdsfValue.Parse(request.Credentials.Span, server.ReaderOptions);
        string? userName = await authenticator.AuthenticateAsync(
            new JstpAuthenticationContext(application, strategy, credentials, remoteEndPoint), cancellationToken);

        return string.IsNullOrEmpty(userName) ? AuthenticationFailed : await OpenAsync(request, application, userName, cancellationToken);
    }

    private async Task<HandshakeOutcome> OpenAsync(
        HandshakeRequest request, JstpApplication application, string? userName, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested(); // no session for a client that waits no more (D19)

        // Not to be given up once it was asked for, since what nobody takes note of could not be discarded. The region answers at once.
        SessionLookup? session = await server.Sessions.AskAsync<SessionLookup?>(
            reply => new SessionRegionMessage.Open(application, userName, reply), Timeout.InfiniteTimeSpan, CancellationToken.None);

        return new HandshakeOutcome.Accepted(application, RememberedVersion(request, application), session!, RestoredCount: null);
    }

    private async Task<HandshakeOutcome> RestoreAsync(HandshakeRequest request, JstpApplication application, CancellationToken cancellationToken)
    {
        if (SessionCredentials.FromRequest(request) is not { } credentials)
        {
            return AuthenticationFailed;
        }

        // The handshake's own timer ends the waiting. A limit of this question would make a slow store look like an unknown session.
        SessionLookup? session = await server.Sessions.AskAsync<SessionLookup?>(
            reply => new SessionRegionMessage.Find(credentials.SessionId, application, reply), Timeout.InfiniteTimeSpan, cancellationToken);

        if (session is null
            || (server.AuthenticatorOf(application) is { } authenticator
                && !await authenticator.AllowRestoreAsync(application.Name, session.UserName, cancellationToken)))
        {
            return AuthenticationFailed;
        }

        return new HandshakeOutcome.Accepted(application, RememberedVersion(request, application), session, credentials.ReceivedCount);
    }

    private static VersionRequest RememberedVersion(HandshakeRequest request, JstpApplication application) =>
        request.Version == VersionRequest.Latest ? VersionRequest.WithinMajorOf(application.Version) : request.Version;

    [LoggerMessage(2203, LogLevel.Warning, "A client was sent away, as its session could not be read.")]
    private static partial void LogUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(2200, LogLevel.Error, "A handshake for the application '{Application}' was refused because its authenticator or session storage failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string application);
}
