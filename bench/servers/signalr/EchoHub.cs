using Microsoft.AspNetCore.SignalR;

namespace SignalRServer;

/// <summary>The hub that stands beside <c>echo.value</c> of the conformance application.</summary>
public sealed class EchoHub : Hub
{
    /// <summary>Answers its argument.</summary>
#pragma warning disable CA1822 // SignalR invokes instance methods only.
    public string Echo(string value) => value;
#pragma warning restore CA1822
}
