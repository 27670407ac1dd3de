using Jstp.Client.Authentication;
using Jstp.Client.Channels;
using Jstp.Client.Remote;
using Jstp.Client.Sessions;
using Jstp.Transport.Channels;

namespace Jstp.Client.Connections;

// An attempt to connect: a transport, a handshake, and the link that follows.
public sealed partial class JstpClientConnection
{
    private Task<Link> OpenAsync(CancellationToken cancellationToken) => AttemptAsync(
        async (channel, attempt) =>
        {
            JstpCredentials credentials = await Options.ConnectPolicy.GetCredentialsAsync(Application, attempt).ConfigureAwait(false);
            string id = await Handshake.OpenAsync(channel, Application, credentials, attempt).ConfigureAwait(false);

            lock (_gate)
            {
                _session = new ClientSession(id);

                return AttachLocked(channel);
            }
        },
        cancellationToken);

    private Task<(Link Link, IReadOnlyList<IPendingRequest> Lost)> RestoreAsync(CancellationToken cancellationToken) => AttemptAsync(
        async (channel, attempt) =>
        {
            // The link before has ended, so nobody counts any more (protocol page, 10.4).
            ClientSession session = Session;
            long count = await Handshake.RestoreAsync(channel, Application, session.Id, session.ReceivedCount, attempt).ConfigureAwait(false);

            lock (_gate)
            {
                IReadOnlyList<IPendingRequest> lost = session.Restore(count);

                return (AttachLocked(channel), lost);
            }
        },
        cancellationToken);

    private Link AttachLocked(ClientChannel channel)
    {
        _closing.Token.ThrowIfCancellationRequested();
        _link = new Link(this, _session, channel, _gate);
        _state = JstpConnectionState.Connected;
        AskForAcknowledgementLocked();

        return _link;
    }

    private async Task<T> AttemptAsync<T>(Func<ClientChannel, CancellationToken, Task<T>> shakeHands, CancellationToken cancellationToken)
    {
        Uri url = Url;
        using var timeout = new CancellationTokenSource(Options.ConnectTimeout, Options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        ClientChannel? channel = null;

        try
        {
            channel = await ClientTransport.ConnectAsync(url, Options, either.Token).ConfigureAwait(false);

            return await shakeHands(channel, either.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (channel is not null)
            {
                await channel.CloseAsync(ChannelClose.Normal, Options.CloseTimeout, Options.TimeProvider).ConfigureAwait(false);
            }

            if (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested && exception is OperationCanceledException)
            {
                throw new TimeoutException($"Connecting to {url} took longer than {Options.ConnectTimeout}.", exception);
            }

            throw;
        }
    }
}
