using System.Net;
using Jstp.Actors.Hosting;
using Jstp.Client.Connections;
using Jstp.TestKit;

namespace Jstp.Client.Tests.TypedProxies;

/// <summary>Our server with the depot, and a client of it.</summary>
public sealed class DepotServer : IAsyncLifetime
{
    private JstpListener? _listener;

    internal JstpClientConnection Connection { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var options = new JstpServerOptions();
        options.AddApplication("depot", "1.0.0", application => application.AddInterface<DepotInterface>());
        _listener = Ws.CreateServer(options);
        IPEndPoint endPoint = await _listener.ListenAsync(port: 0, IPAddress.Loopback);
        Connection = await JstpClient.ConnectAsync("depot", null, new Uri($"ws://{endPoint}/")).WithinLimitAsync("the connection");
    }

    public async Task DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _listener!.DisposeAsync();
    }
}
