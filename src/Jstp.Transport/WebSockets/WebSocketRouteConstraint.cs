using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jstp.Transport.WebSockets;

/// <summary>Lets a route match requests that mean to become WebSocket connections, and leaves all others to the routes behind it.</summary>
internal sealed class WebSocketRouteConstraint : IRouteConstraint
{
    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection)
        => httpContext is not null && WebSocketHandshake.IsWebSocketRequest(httpContext);
}
