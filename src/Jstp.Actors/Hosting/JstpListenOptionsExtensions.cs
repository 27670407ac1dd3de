using Jstp.Actors.Hosting;
using Jstp.Transport.Listening;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

// Where ASP.NET Core programs look for it.
namespace Microsoft.AspNetCore.Hosting;

/// <summary>Puts the JSTP server of a host on endpoints of Kestrel that carry no HTTP.</summary>
public static class JstpListenOptionsExtensions
{
    /// <summary>
    /// Serves JSTP over TCP or a Unix socket: texts, each followed by a zero byte (protocol page, appendix). Put TLS below it first, with
    /// <see cref="ListenOptionsExtensions.UseTls"/> or <c>UseHttps</c>.
    /// </summary>
    /// <param name="listen">The endpoint.</param>
    /// <exception cref="InvalidOperationException"><c>AddJstp</c> was not called.</exception>
    public static ListenOptions UseJstp(this ListenOptions listen)
    {
        ArgumentNullException.ThrowIfNull(listen);
        IServiceProvider services = listen.ApplicationServices;

        if (services.GetService<IServiceProviderIsService>()?.IsService(typeof(JstpStreamEndpoint)) == false)
        {
            throw new InvalidOperationException("Call builder.Services.AddJstp() before UseJstp.");
        }

        // Asked for when the first connection comes: Kestrel's options may be made before the server's.
        var endpoint = new Lazy<JstpStreamEndpoint>(services.GetRequiredService<JstpStreamEndpoint>);

        return listen.UseStreamConnections(connection => endpoint.Value.ServeAsync(connection));
    }
}
