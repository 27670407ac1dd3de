using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Jstp.Transport.WebSockets;

/// <summary>Registers WebSocket servers with a host's services (specification page, 8.1).</summary>
public static class WebSocketServiceCollectionExtensions
{
    /// <summary>
    /// Registers a server: keyed by its name, and without a key when it is the unnamed one. Settings are validated when the host starts; when they change
    /// in the configuration, the new ones apply to connections that are accepted afterwards. Map it with
    /// <see cref="WebSocketEndpointRouteBuilderExtensions.MapWebSocketServer(Microsoft.AspNetCore.Routing.IEndpointRouteBuilder, string, string, Func{WebSocketRequest, ValueTask})"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The server's name. The default is "".</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>The options, to bind them to a section of the configuration with <c>BindConfiguration</c> and the like.</returns>
    public static OptionsBuilder<WebSocketServerOptions> AddWebSocketServer(
        this IServiceCollection services,
        string name = "",
        Action<WebSocketServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebSocketServerOptions>, WebSocketServerOptionsValidator>());
        services.AddKeyedSingleton(name, static (provider, key) => Create(provider, (string)key!));

        if (name.Length == 0)
        {
            services.AddSingleton(static provider => provider.GetRequiredKeyedService<WebSocketServer>(""));
        }

        OptionsBuilder<WebSocketServerOptions> options = services.AddOptions<WebSocketServerOptions>(name).ValidateOnStart();

        return configure is null ? options : options.Configure(configure);
    }

    private static WebSocketServer Create(IServiceProvider provider, string name)
    {
        IOptionsMonitor<WebSocketServerOptions> options = provider.GetRequiredService<IOptionsMonitor<WebSocketServerOptions>>();
        var server = new WebSocketServer(
            options.Get(name),
            provider.GetService<ILoggerFactory>(),
            provider.GetService<TimeProvider>(),
            provider.GetService<IMeterFactory>());

        // The monitor belongs to the provider as the server does, so neither outlives the other.
        options.OnChange((changed, changedName) =>
        {
            if (changedName == name)
            {
                server.Change(changed);
            }
        });
        return server;
    }
}
