using System.Net;
using System.Net.Sockets;
using Jstp.TestKit;

namespace Jstp.Client.Tests.Servers;

/// <summary>A server that does what a test says, over a byte stream.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ScriptedServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public Uri Url => new($"tcp://{_listener.LocalEndPoint}");

    /// <summary>Waits for the next connection.</summary>
    public async Task<ScriptedPeer> AcceptAsync() => new(await _listener.AcceptAsync().WithinLimitAsync("a connection"));

    public void Dispose() => _listener.Dispose();
}
