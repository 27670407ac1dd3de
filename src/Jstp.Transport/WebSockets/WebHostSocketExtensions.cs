using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// How Kestrel's sockets are set for many connections with small messages, in one place for every program of ours. The measurements behind it are in
/// <c>docs/websocket-server.md</c>.
/// </summary>
public static class WebHostSocketExtensions
{
    private const string InlineCompletionsVariable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>
    /// Lets a connection's read loop run on the thread on which the socket became ready, and write from there: reading, handling and answering cost no
    /// switch of threads. What it demands is that nothing on that path blocks, since all connections of the thread wait with it. Call it before any
    /// socket is used in the process, as the runtime reads its part of the setting once. Also gives Kestrel larger blocks to receive into.
    /// </summary>
    /// <param name="builder">The web host.</param>
    /// <param name="configure">Further settings of the socket transport.</param>
    public static IWebHostBuilder UseJstpSockets(this IWebHostBuilder builder, Action<SocketTransportOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // Whoever runs the program has the last word.
        if (Environment.GetEnvironmentVariable(InlineCompletionsVariable) is null)
        {
            Environment.SetEnvironmentVariable(InlineCompletionsVariable, "1");
        }

        builder.ConfigureServices(static services => services.AddSingleton<IMemoryPoolFactory<byte>, SocketBufferPoolFactory>());

        return builder.UseSockets(options =>
        {
            options.UnsafePreferInlineScheduling = true;
            options.NoDelay = true;
            configure?.Invoke(options);
        });
    }
}
