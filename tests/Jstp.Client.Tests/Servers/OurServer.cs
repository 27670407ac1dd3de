using System.Net;
using Jstp.Actors.Hosting;
using Jstp.Samples.Conformance;

namespace Jstp.Client.Tests.Servers;

/// <summary>Our server, in this process and over real sockets.</summary>
public sealed class OurServer : IServer
{
    private JstpListener? _listener;

    public Uri Url { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var options = new JstpServerOptions();
        new ConformanceModule().Configure(options);
        _listener = Ws.CreateServer(options);
        IPEndPoint endPoint = await _listener.ListenAsync(port: 0, IPAddress.Loopback);
        Url = new Uri($"ws://{endPoint}/");
    }

    public async Task DisposeAsync() => await _listener!.DisposeAsync();
}
