using System.Net;
using Jstp.Actors.Persistence;
using Jstp.Transport.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Jstp.Actors.Hosting;

/// <summary>A JSTP server with an HTTP server of its own.</summary>
public sealed class JstpListener : IAsyncDisposable
{
    private WebApplication? _http;

    internal JstpListener(JstpServer server) => Server = server;

    /// <summary>The clients, the applications and the events.</summary>
    public JstpServer Server { get; }

    /// <summary>Starts to listen.</summary>
    /// <param name="port">The TCP port; 0 for a free one.</param>
    /// <param name="address">The address; null for all addresses, IPv6 and IPv4.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <returns>The address and port that clients reach the server at.</returns>
    /// <exception cref="InvalidOperationException">The server listens already, or was stopped.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="SessionStoreException">The session store cannot be used.</exception>
    public async Task<IPEndPoint> ListenAsync(int port = 0, IPAddress? address = null, CancellationToken cancellationToken = default)
    {
        if (_http is not null)
        {
            throw new InvalidOperationException("The server listens already, or was stopped.");
        }

        await Server.StartAsync(cancellationToken);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseJstpSockets().ConfigureKestrel(kestrel =>
        {
            if (address is null)
            {
                kestrel.ListenAnyIP(port);
            }
            else
            {
                kestrel.Listen(address, port);
            }
        });
        _http = builder.Build();
        _http.Run(new JstpEndpoint(Server).HandleAsync);
        await _http.StartAsync(cancellationToken);

        string url = _http.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();

        return new IPEndPoint(address ?? IPAddress.IPv6Any, BindingAddress.Parse(url).Port);
    }

    /// <summary>Stops to listen, closes all connections with 1001 and stores their sessions.</summary>
    public async Task StopAsync()
    {
        await Server.StopAsync();

        if (_http is not null)
        {
            await _http.StopAsync();
        }
    }

    /// <summary>Stops the server and releases the HTTP server.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();

        if (_http is not null)
        {
            await _http.DisposeAsync();
        }
    }
}
