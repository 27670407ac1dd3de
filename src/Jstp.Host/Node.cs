using Jstp.Host.Endpoints;

namespace Jstp.Host;

/// <summary>A node that can be started.</summary>
/// <param name="application">Its servers and services.</param>
/// <param name="endpoints">Where it listens, as far as <c>Jstp:Endpoints</c> says so.</param>
internal sealed class Node(WebApplication application, NodeEndpoints endpoints) : IAsyncDisposable
{
    /// <summary>Where clients reach it, once it has started.</summary>
    public IEnumerable<string> Urls => endpoints.GetUrls(application.Urls);

    /// <summary>Starts the node.</summary>
    /// <exception cref="StartException">The configuration cannot work; the message names the key.</exception>
    public async Task StartAsync()
    {
        await endpoints.PrepareAsync();
        await application.StartAsync();
        endpoints.SetUnixFileModes();
    }

    /// <summary>Completes when the node was told to stop, and has stopped in order.</summary>
    public Task WaitForShutdownAsync() => application.WaitForShutdownAsync();

    /// <summary>Releases what the node holds.</summary>
    public ValueTask DisposeAsync() => application.DisposeAsync();
}
