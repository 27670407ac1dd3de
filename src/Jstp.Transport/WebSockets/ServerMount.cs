using Microsoft.Extensions.Hosting;

namespace Jstp.Transport.WebSockets;

/// <summary>A server's place on one host, on however many routes: what came in by that host ends with it, and goes on with all others.</summary>
internal sealed class ServerMount(IHostApplicationLifetime host)
{
    private volatile bool _isStopping;

    public IHostApplicationLifetime Host { get; } = host;

    /// <summary>Whether the host takes no further requests.</summary>
    public bool IsStopping => _isStopping;

    public void Stop() => _isStopping = true;
}
