using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Jstp.Cluster.Tests.Topology;

/// <summary>Stands between a node and PostgreSQL, and can take the one from the other: at once, or without a word as a broken network does.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private const int BufferLength = 64 * 1024;

    private readonly Socket _listener;
    private readonly Func<IPEndPoint> _target;
    private readonly ConcurrentDictionary<Socket, bool> _sockets = new();
    private readonly CancellationTokenSource _stopping = new();
    private volatile TaskCompletionSource _thawed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isCut;
    private Task? _accepting;

    private TcpProxy(Socket listener, Func<IPEndPoint> target)
    {
        _listener = listener;
        _target = target;
        _thawed.SetResult();
    }

    /// <summary>Where it listens, on loopback.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Starts a proxy.</summary>
    /// <param name="target">Tells the server, at every connection.</param>
    public static TcpProxy Start(Func<IPEndPoint> target)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var proxy = new TcpProxy(listener, target);
        proxy._accepting = proxy.AcceptAsync();

        return proxy;
    }

    /// <summary>Resets all connections, and refuses new ones.</summary>
    public void Cut()
    {
        _isCut = true;

        foreach (Socket socket in _sockets.Keys)
        {
            Reset(socket);
        }
    }

    /// <summary>Lets nothing pass, either way, and says nothing about it.</summary>
    public void Freeze()
    {
        if (_thawed.Task.IsCompleted)
        {
            _thawed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Ends what <see cref="Cut"/> or <see cref="Freeze"/> began; what was held back passes.</summary>
    public void Heal()
    {
        _isCut = false;
        _thawed.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        Cut();
        Heal();
        await _accepting!;
        _stopping.Dispose();
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }

        socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        var served = new List<Task>();

        try
        {
            while (true)
            {
                served.Add(ServeAsync(await _listener.AcceptAsync(_stopping.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        _sockets.TryAdd(client, true);
        _sockets.TryAdd(server, true);

        try
        {
            await _thawed.Task;

            if (!_isCut)
            {
                await server.ConnectAsync(_target());
                await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Whichever side it was, the other one is told below.
        }

        _sockets.TryRemove(client, out _);
        _sockets.TryRemove(server, out _);
        Reset(client);
        Reset(server);
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[BufferLength];

        try
        {
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                await _thawed.Task;
                await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // As above.
        }
    }
}
