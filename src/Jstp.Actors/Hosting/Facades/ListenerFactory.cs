using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Transport.Listening;

namespace Jstp.Actors.Hosting;

/// <summary>What <c>Jstp.Ws</c>, <c>Jstp.Wss</c>, <c>Jstp.Net</c> and <c>Jstp.Tls</c> have in common.</summary>
internal sealed class ListenerFactory(bool isWebSocket, bool hasTls)
{
    private const string TlsKey = JstpServerOptions.SectionName + ":" + nameof(JstpServerOptions.Tls);

    /// <summary>A listener with a server of its own.</summary>
    public JstpListener Create(JstpServerOptions options, Action<JstpConnection>? listener)
    {
        ArgumentNullException.ThrowIfNull(options);

        if (!hasTls && options.Tls is not null)
        {
            throw new ArgumentException($"{TlsKey} is set, but this server speaks without TLS.", nameof(options));
        }

        TlsCertificateOptions? certificate = CertificateOf(options);
        var server = new JstpServer(options);

        if (listener is not null)
        {
            server.Connected += listener;
        }

        return new JstpListener(server, isWebSocket, certificate, ownsServer: true);
    }

    /// <summary>A listener with a server of its own and default options.</summary>
    public JstpListener Create(IEnumerable<JstpApplication> applications, TlsCertificateOptions? tls, Action<JstpConnection>? listener)
    {
        ArgumentNullException.ThrowIfNull(applications);
        var options = new JstpServerOptions { Tls = tls };

        foreach (JstpApplication application in applications)
        {
            options.AddApplication(application);
        }

        return Create(options, listener);
    }

    /// <summary>A further listener of a server.</summary>
    public JstpListener Create(JstpServer server)
    {
        ArgumentNullException.ThrowIfNull(server);

        return new JstpListener(server, isWebSocket, CertificateOf(server.Options), ownsServer: false);
    }

    private TlsCertificateOptions? CertificateOf(JstpServerOptions options)
    {
        if (!hasTls)
        {
            return null;
        }

        TlsCertificateOptions certificate = options.Tls ?? throw new ArgumentException($"{TlsKey} is missing: this server needs a certificate.", nameof(options));
        certificate.ThrowIfInvalid();

        return certificate;
    }
}
