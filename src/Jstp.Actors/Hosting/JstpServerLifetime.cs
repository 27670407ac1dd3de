using Microsoft.Extensions.Hosting;

namespace Jstp.Actors.Hosting;

/// <summary>
/// Starts the server before the HTTP server, so that what cannot work stops the start and no client comes too early, and stops it before the HTTP server,
/// which would reset the connections.
/// </summary>
internal sealed class JstpServerLifetime(JstpServer server) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => server.StartAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => server.StopAsync();

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
