using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jstp.Transport.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>A real Kestrel on a free loopback port whose only endpoint echoes messages, driving the protocol by hand as an actor would.</summary>
internal sealed class EchoHost : IAsyncDisposable
{
    /// <summary>What a host proves itself with over TLS.</summary>
    public static readonly X509Certificate2 Certificate = CreateCertificate();

    private readonly WebApplication _app;
    private readonly TaskCompletionSource<WebSocketCloseInfo> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EchoHost(WebApplication app) => _app = app;

    public WebSocketProtocolOptions Options { get; init; } = WebSocketProtocolOptions.Server;

    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether to use Kestrel's own pipes rather than the upgraded stream.</summary>
    public bool PreferTransport { get; init; } = true;

    public Uri Address { get; private set; } = null!;

    /// <summary>The last connection that was accepted.</summary>
    public UpgradedConnection? Connection { get; private set; }

    /// <summary>How the first connection ended.</summary>
    public Task<WebSocketCloseInfo> Ended => _ended.Task.WaitAsync(TimeSpan.FromSeconds(10));

    public static Task<EchoHost> StartAsync(bool preferTransport = true, bool tls = false, WebSocketProtocolOptions? options = null, TimeSpan? closeTimeout = null)
        => StartAsync(
            app => new EchoHost(app)
            {
                PreferTransport = preferTransport,
                Options = options ?? WebSocketProtocolOptions.Server,
                CloseTimeout = closeTimeout ?? TimeSpan.FromSeconds(5),
            },
            tls);

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    private static async Task<EchoHost> StartAsync(Func<WebApplication, EchoHost> create, bool tls)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;

            if (tls)
            {
                listen.UseHttps(Certificate);
            }
        }));

        WebApplication app = builder.Build();
        EchoHost host = create(app);
        app.Run(host.HandleAsync);
        await app.StartAsync();
        host.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return host;
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (!WebSocketHandshake.IsWebSocketRequest(context))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!WebSocketHandshake.TryRead(context, allowVersion8: true, out WebSocketHandshake? handshake, out WebSocketHandshakeError? error))
        {
            await WebSocketHandshake.RefuseAsync(context, error);
            return;
        }

        Connection = await handshake.AcceptAsync(handshake.FindProtocol("metarhia-jstp"), preferTransport: PreferTransport);
        var protocol = new WebSocketProtocol(WebSocketRole.Server, Options, Connection.Transport.Output);
        Exception? failure = await EchoAsync(Connection, protocol);
        _ended.TrySetResult(await WebSocketCloser.FinishAsync(Connection, protocol, CloseTimeout, TimeProvider.System, failure));
    }

    private static async Task<Exception?> EchoAsync(UpgradedConnection connection, WebSocketProtocol protocol)
    {
        try
        {
            while (true)
            {
                ReadResult result = await connection.Transport.Input.ReadAsync();
                bool closing = Echo(result.Buffer, protocol, out ReadOnlySequence<byte> rest);
                connection.Transport.Input.AdvanceTo(rest.Start, closing ? rest.Start : rest.End);

                if (closing || result.IsCompleted)
                {
                    return null;
                }

                await connection.Transport.Output.FlushAsync();
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return exception;
        }
    }

    private static bool Echo(ReadOnlySequence<byte> input, WebSocketProtocol protocol, out ReadOnlySequence<byte> rest)
    {
        rest = input;

        while (protocol.Read(ref rest) is { Type: not WebSocketEventType.None } found)
        {
            switch (found.Type)
            {
                case WebSocketEventType.Message:
                    protocol.WriteMessage(found.MessageType, found.Payload.Span);

                    if (found.Payload.Span.SequenceEqual("close me"u8))
                    {
                        protocol.WriteClose(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, "asked");
                        return true;
                    }

                    break;
                case WebSocketEventType.Close or WebSocketEventType.Failed:
                    return true;
            }
        }

        return false;
    }
}
