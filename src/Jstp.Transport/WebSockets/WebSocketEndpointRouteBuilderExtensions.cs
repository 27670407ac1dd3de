using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Jstp.Transport.WebSockets;

/// <summary>Puts WebSocket servers on endpoints (specification page, 8.1).</summary>
public static class WebSocketEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps a server to a route. One server may be mapped any number of times, on any number of hosts. When a host stops, the connections that came in by
    /// it are closed with 1001; with the last host the server shuts down.
    /// </summary>
    /// <param name="endpoints">The routes.</param>
    /// <param name="pattern">The route pattern, such as <c>/chat</c>.</param>
    /// <param name="server">The server.</param>
    /// <returns>The endpoint, to add authorization, rate limits and the like.</returns>
    public static IEndpointConventionBuilder MapWebSocketServer(this IEndpointRouteBuilder endpoints, string pattern, WebSocketServer server)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(server);

        ServerMount? mount = endpoints.ServiceProvider.GetService<IHostApplicationLifetime>() is { } host ? server.MountOn(host) : null;
        server.WarnIfOpenToAnyOrigin(pattern);

        return endpoints.Map(pattern, context => server.HandleAsync(context, mount)).WithDisplayName($"WebSocket {pattern}");
    }

    /// <summary>Maps a server that <see cref="WebSocketServiceCollectionExtensions.AddWebSocketServer"/> registered.</summary>
    /// <param name="endpoints">The routes.</param>
    /// <param name="pattern">The route pattern, such as <c>/chat</c>.</param>
    /// <param name="name">The server's name; "" is the unnamed one.</param>
    /// <param name="onRequest">Decides about requests. It is the server's, so on every route it must be the same.</param>
    /// <returns>The endpoint, to add authorization, rate limits and the like.</returns>
    /// <exception cref="InvalidOperationException">No such server is registered, or another handler was set.</exception>
    public static IEndpointConventionBuilder MapWebSocketServer(
        this IEndpointRouteBuilder endpoints,
        string pattern,
        string name,
        Func<WebSocketRequest, ValueTask> onRequest)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(onRequest);

        WebSocketServer server = endpoints.ServiceProvider.GetRequiredKeyedService<WebSocketServer>(name);

        if (server.OnRequest is { } present && present != onRequest)
        {
            throw new InvalidOperationException($"The WebSocket server '{name}' has another request handler.");
        }

        server.OnRequest = onRequest;
        return endpoints.MapWebSocketServer(pattern, server);
    }

    /// <summary>Maps a new server to a route.</summary>
    /// <param name="endpoints">The routes.</param>
    /// <param name="pattern">The route pattern, such as <c>/chat</c>.</param>
    /// <param name="onRequest">Decides about requests.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>The endpoint, to add authorization, rate limits and the like.</returns>
    public static IEndpointConventionBuilder MapWebSocketServer(
        this IEndpointRouteBuilder endpoints,
        string pattern,
        Func<WebSocketRequest, ValueTask> onRequest,
        Action<WebSocketServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(onRequest);

        var options = new WebSocketServerOptions();
        configure?.Invoke(options);
        IServiceProvider services = endpoints.ServiceProvider;

        var server = new WebSocketServer(options, services.GetService<ILoggerFactory>(), services.GetService<TimeProvider>(), services.GetService<IMeterFactory>())
        {
            OnRequest = onRequest,
        };

        return endpoints.MapWebSocketServer(pattern, server);
    }
}
