using System.Net;
using System.Net.Sockets;

namespace Jstp.Client.Tests.Chaos;

/// <summary>
/// A TCP proxy that treats every connection badly: it splits what passes at random places, holds it up, cuts the connection in the middle of a text, and lets
/// the server have what is left of an old connection after the client has come back by a new one. It never changes the order of bytes within a connection.
/// What it does to the n-th connection follows from the seed.
/// </summary>
internal sealed class ChaosProxy : IAsyncDisposable
{
    private const int LongestLife = 12_000; // bytes that a connection may carry in one direction
    private const int ShortestLife = 100;
    private const int LongestPiece = 700;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly IPEndPoint _target;
    private readonly int _seed;
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private volatile bool _isGentle;
    private volatile bool _isEnded;
    private int _cuts;

    public ChaosProxy(IPEndPoint target, int seed)
    {
        _target = target;
        _seed = seed;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Connections that it has cut.</summary>
    public int CutCount => Volatile.Read(ref _cuts);

    /// <summary>From now on it cuts nothing any more.</summary>
    public void BecomeGentle() => _isGentle = true;

    public async ValueTask DisposeAsync()
    {
        _isEnded = true;
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (int number = 0; ; number++)
            {
                Socket client = await _listener.AcceptAsync();
                _connections.Add(CarryAsync(client, number));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task CarryAsync(Socket client, int number)
    {
        var random = new Random(HashCode(number));
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        await server.ConnectAsync(_target);
        int lifeUp = random.Next(ShortestLife, LongestLife);
        int lifeDown = random.Next(ShortestLife, LongestLife);
        bool isReset = random.Next(2) == 0;
        var lateness = TimeSpan.FromMilliseconds(random.Next(8));

        Task up = PumpAsync(client, server, lifeUp, new Random(random.Next()));
        Task down = PumpAsync(server, client, lifeDown, new Random(random.Next()));
        await Task.WhenAny(up, down);

        if (isReset)
        {
            client.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        client.Dispose();
        await up; // what has been read of the client still goes to the server

        // The server learns of the end later than the client, which may be back by then.
        await Task.Delay(lateness);
        server.Dispose();
        await down;
    }

    private async Task PumpAsync(Socket from, Socket to, int life, Random random)
    {
        byte[] buffer = new byte[LongestPiece];

        try
        {
            while (!_isEnded)
            {
                int length = await from.ReceiveAsync(buffer.AsMemory(0, random.Next(1, LongestPiece)));

                if (length == 0)
                {
                    return;
                }

                life -= length;

                if (life < 0 && !_isGentle)
                {
                    // Also in the middle of what has come.
                    await to.SendAsync(buffer.AsMemory(0, random.Next(length)));
                    Interlocked.Increment(ref _cuts);

                    return;
                }

                if (random.Next(12) == 0)
                {
                    await Task.Delay(random.Next(3));
                }

                for (int sent = 0; sent < length;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, length - sent));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // One of the two has ended it.
        }
    }

    // Not that of the runtime, which is another one in every run.
    private int HashCode(int number) => unchecked((_seed * 1_000_003) + (number * 7919));
}
