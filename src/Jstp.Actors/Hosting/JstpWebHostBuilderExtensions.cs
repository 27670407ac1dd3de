using Microsoft.AspNetCore.Hosting;

namespace Jstp.Actors.Hosting;

/// <summary>Sets Kestrel's sockets up for many long connections with small messages.</summary>
public static class JstpWebHostBuilderExtensions
{
    /// <summary>
    /// Lets a connection's bytes be read, handled and answered on one thread, without a switch between the three. Methods of applications then run on the
    /// thread that reads their connection; one that blocks holds up that connection, and the thread pool replaces the thread as it always does.
    /// </summary>
    public static IWebHostBuilder UseJstpSockets(this IWebHostBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
    }
}
