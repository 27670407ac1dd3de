using Jstp.Client.Connections;

namespace Jstp.Cli.Connections;

/// <summary>The connection of a command.</summary>
internal sealed class CliSession(JstpClientConnection connection, ConnectionSettings settings, SessionFile? file)
{
    public JstpClientConnection Connection => connection;

    /// <summary>Waits for an answer as long as the settings allow.</summary>
    /// <param name="request">Sends the request; its token is cancelled when nobody waits any more.</param>
    /// <param name="what">Names the request, for the message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    public async Task<T> WithinTimeoutAsync<T>(Func<CancellationToken, Task<T>> request, string what, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(settings.Timeout, connection.Options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);

        try
        {
            return await request(either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{what}: no answer in {settings.Timeout.TotalSeconds} s.");
        }
    }

    /// <summary>Closes the connection in order, and saves its session if there is a file for it.</summary>
    /// <exception cref="CliException">The file cannot be written.</exception>
    public async Task CloseAsync()
    {
        await connection.CloseAsync();
        file?.Save(connection.ExportSession());
    }
}
