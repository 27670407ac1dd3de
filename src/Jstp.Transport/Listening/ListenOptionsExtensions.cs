using Jstp.Transport.Streams;
using Jstp.Transport.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jstp.Transport.Listening;

/// <summary>What an endpoint of Kestrel serves, and below which certificate.</summary>
public static class ListenOptionsExtensions
{
    /// <summary>Puts TLS under whatever is added to the endpoint afterwards, with a certificate whose files are read again when they change.</summary>
    /// <param name="listen">The endpoint.</param>
    /// <param name="options">The certificate; its files are read now, so that a mistake shows at start-up.</param>
    /// <param name="negotiatesHttp">Whether clients are told that HTTP/1.1 is spoken (ALPN), which is not so on endpoints without HTTP.</param>
    /// <exception cref="ArgumentException">The settings are incomplete, or a file has no usable certificate.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file is no certificate or key, they do not belong together, or the password is wrong.</exception>
    public static ListenOptions UseTls(this ListenOptions listen, TlsCertificateOptions options, bool negotiatesHttp = true)
    {
        ArgumentNullException.ThrowIfNull(listen);
        ArgumentNullException.ThrowIfNull(options);
        IServiceProvider services = listen.ApplicationServices;
        var certificates = new TlsCertificateSource(
            options,
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetRequiredService<ILoggerFactory>().CreateLogger<TlsCertificateSource>(),
            negotiatesHttp);

        return listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = options.HandshakeTimeout,
            OnConnection = _ => ValueTask.FromResult(certificates.GetCurrent()),
        });
    }

    /// <summary>Makes the endpoint one for connections that carry no HTTP.</summary>
    /// <param name="listen">The endpoint.</param>
    /// <param name="serve">Serves a connection until it was completed or aborted.</param>
    public static ListenOptions UseStreamConnections(this ListenOptions listen, Func<UpgradedConnection, Task> serve)
    {
        ArgumentNullException.ThrowIfNull(listen);
        ArgumentNullException.ThrowIfNull(serve);
        listen.Run(context => StreamConnections.ServeAsync(context, serve));

        return listen;
    }
}
