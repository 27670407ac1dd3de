using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

// Where ASP.NET Core programs look for it.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a JSTP server to the services of a host.</summary>
public static class JstpServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="JstpServer"/>, which stops in order with the host. Map it to requests with <c>MapJstp</c>, and put it on endpoints without HTTP with <c>UseJstp</c>. May be called several times; each
    /// adds to the options.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Adds applications and changes settings.</param>
    public static IServiceCollection AddJstp(this IServiceCollection services, Action<JstpServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<JstpServerOptions> options = services.AddOptions<JstpServerOptions>();

        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<JstpServerOptions>, JstpServerOptionsValidator>());
        services.TryAddSingleton(static provider => new JstpServer(
            provider.GetRequiredService<IOptions<JstpServerOptions>>().Value,
            provider,
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetService<TimeProvider>()));
        services.TryAddSingleton<Entrance>();
        services.TryAddSingleton<JstpEndpoint>();
        services.TryAddSingleton<JstpStreamEndpoint>();
        services.AddHostedService<JstpServerLifetime>();

        return services;
    }
}
