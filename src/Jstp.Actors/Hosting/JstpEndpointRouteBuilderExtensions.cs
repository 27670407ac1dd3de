using System.Diagnostics.CodeAnalysis;
using Jstp.Actors.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

// Where ASP.NET Core programs look for it.
namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the JSTP server of a host to requests.</summary>
public static class JstpEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Serves JSTP over WebSocket to requests that match a pattern. Requests that are no WebSocket upgrade get 400, those without the subprotocol
    /// <c>metarhia-jstp</c> or from a forbidden origin 403.
    /// </summary>
    /// <param name="endpoints">Where to add the endpoint.</param>
    /// <param name="pattern">The route pattern; <c>/{**path}</c> for any path, as the reference server has it.</param>
    /// <exception cref="InvalidOperationException"><c>AddJstp</c> was not called.</exception>
    public static IEndpointConventionBuilder MapJstp(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        JstpEndpoint endpoint = endpoints.ServiceProvider.GetService<JstpEndpoint>()
            ?? throw new InvalidOperationException("Call builder.Services.AddJstp() before MapJstp.");

        return endpoints.Map(pattern, endpoint.HandleAsync).WithDisplayName("JSTP");
    }
}
