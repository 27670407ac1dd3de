using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;

// The place that the name has in the original: jstp.ws.
namespace Jstp;

/// <summary>JSTP over WebSocket for programs without a host of their own, as <c>jstp.ws</c> has it.</summary>
public static class Ws
{
    /// <summary>Makes a server; it listens after <see cref="JstpListener.ListenAsync"/>.</summary>
    /// <param name="options">What it serves, and its limits.</param>
    /// <param name="listener">Called with every new client, after the answer of its handshake.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting cannot work; the message names its key.</exception>
    /// <exception cref="ArgumentException">An application cannot be served; the message says why.</exception>
    public static JstpListener CreateServer(JstpServerOptions options, Action<JstpConnection>? listener = null)
    {
        var server = new JstpServer(options);

        if (listener is not null)
        {
            server.Connected += listener;
        }

        return new JstpListener(server);
    }

    /// <summary>Makes a server with default options.</summary>
    /// <inheritdoc cref="CreateServer(JstpServerOptions, Action{JstpConnection})"/>
    public static JstpListener CreateServer(IEnumerable<JstpApplication> applications, Action<JstpConnection>? listener = null)
    {
        ArgumentNullException.ThrowIfNull(applications);
        var options = new JstpServerOptions();

        foreach (JstpApplication application in applications)
        {
            options.AddApplication(application);
        }

        return CreateServer(options, listener);
    }
}
