using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// How Kestrel's sockets are set for many connections with small messages, in one place for every program of ours. The measurements behind it are in
/// <c>docs/websocket-server.md</c>.
/// </summary>
public static class WebHostSocketExtensions
{
    /// <summary>Unsent bytes at which a flush begins to wait for the peer: the framework's 64 KiB would make every message of that size wait.</summary>
    private const long WriteBufferSize = 128 * 1024;

    private const string InlineCompletionsVariable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>
    /// Lets a connection's read loop run on the thread that took the bytes from the socket, and write from there: reading, handling and answering cost
    /// no switch of threads. Code that blocks there holds up its own connection, and the thread pool replaces the thread as it always does.
    /// Also gives Kestrel larger blocks to receive into, and lets connections outlive the request that upgraded them.
    /// </summary>
    /// <param name="builder">The web host.</param>
    /// <param name="inlineCompletions">
    /// Whether even the thread that waits for all sockets goes that way, which saves the last switch (about 40 % of the CPU of a call with one outstanding).
    /// What it demands is that nothing on that path ever blocks, since every connection of that thread waits with it. It is a setting of the process that the
    /// runtime reads once: call this before any socket is used. The default is <see langword="false"/>.
    /// </param>
    /// <param name="configure">Further settings of the socket transport.</param>
    public static IWebHostBuilder UseJstpSockets(
        this IWebHostBuilder builder, bool inlineCompletions = false, Action<SocketTransportOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // Whoever runs the program has the last word.
        if (inlineCompletions && Environment.GetEnvironmentVariable(InlineCompletionsVariable) is null)
        {
            Environment.SetEnvironmentVariable(InlineCompletionsVariable, "1");
        }

        return builder
            .ConfigureServices(static services => services.AddSingleton<IMemoryPoolFactory<byte>, SocketBufferPoolFactory>())
            .ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(
                static endpoint => endpoint.UseConnectionTakeover()))
            .UseSockets(options =>
            {
                options.UnsafePreferInlineScheduling = true;
                options.NoDelay = true;
                options.MaxWriteBufferSize = WriteBufferSize;
                configure?.Invoke(options);
            });
    }

    /// <summary>
    /// Lets the WebSocket connections of one listener outlive the requests that upgraded them. <see cref="UseJstpSockets"/> does this for every listener,
    /// but ahead of its TLS, where it can do nothing: a listener with TLS calls this after <c>UseHttps</c>.
    /// </summary>
    public static ListenOptions UseConnectionTakeover(this ListenOptions listen)
    {
        ArgumentNullException.ThrowIfNull(listen);

        listen.Use(static next => connection => TransportTakeover.RunAsync(connection, next));
        return listen;
    }
}
