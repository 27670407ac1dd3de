using System.Net;
using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;
using Jstp.Samples.Conformance;
using Jstp.TestKit;
using Jstp.Transport.Mdsf;

namespace Jstp.Cli.Tests.Support;

/// <summary>Our server in this process, with the conformance application and one, <c>kit</c>, that tells the test what reaches it.</summary>
public sealed class CliServer : IAsyncLifetime
{
    private readonly JstpListener _listener;

    public CliServer()
    {
        var options = new JstpServerOptions();
        new ConformanceModule().Configure(options);
        options.AddApplication("kit", "1.0.0", application => application.AddInterface("kit", kit => kit
            .Method("join", (JstpConnection connection) => Joined.Enqueue(connection))
            .Method("hang", async (CancellationToken sessionEnded) =>
            {
                Hanging.Enqueue(true);
                await Task.Delay(Timeout.Infinite, sessionEnded);
            })
            .OnEvent("note", (MdsfValue note) => Notes.Enqueue(note))));
        _listener = Ws.CreateServer(options);
    }

    public string Url { get; private set; } = "";

    /// <summary>Connections that have called <c>kit.join</c>.</summary>
    internal TestQueue<JstpConnection> Joined { get; } = new("a call of kit.join");

    /// <summary>Calls of <c>kit.hang</c>, which is never answered.</summary>
    internal TestQueue<bool> Hanging { get; } = new("a call of kit.hang");

    /// <summary>Events <c>kit.note</c>.</summary>
    internal TestQueue<MdsfValue> Notes { get; } = new("an event kit.note");

    public async Task InitializeAsync()
    {
        IPEndPoint endPoint = await _listener.ListenAsync(port: 0, IPAddress.Loopback);
        Url = $"ws://{endPoint}/";
    }

    public Task StopAsync() => _listener.StopAsync().WithinLimitAsync("the end of the server");

    public async Task DisposeAsync() => await _listener.DisposeAsync();
}
