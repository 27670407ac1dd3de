using System.Diagnostics;
using System.Net.Sockets;
using Jstp.LoadGenerator.Wire;

namespace Jstp.LoadGenerator.Load;

/// <summary>All connections of a run, served by the calling thread.</summary>
internal sealed class EventLoop(Uri url, CallScript script, int window) : IDisposable
{
    private const int LongestWaitMilliseconds = 50;
    private const int OpeningsBetweenPolls = 64;
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(10);

    private readonly ConnectionOpening _opening = new(url, script);
    private readonly LoadContext _context = new(script, window);
    private readonly List<LoadConnection> _connections = [];
    private readonly Epoll _epoll = new();
    private long _busyTicks;

    /// <summary>What the connections counted.</summary>
    public CallMeter Meter => _context.Meter;

    /// <summary>Opens connections and serves the open ones meanwhile, since servers expect signs of life.</summary>
    public void Open(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Socket socket = _opening.Open(out byte[] early);
            _epoll.Add(socket, _connections.Count);
            _connections.Add(new LoadConnection(socket, early, window, _context));

            if (i % OpeningsBetweenPolls == 0)
            {
                Poll(timeoutMilliseconds: 0);
            }
        }
    }

    /// <summary>Puts all calls on their way.</summary>
    public void Start()
    {
        foreach (LoadConnection connection in _connections)
        {
            connection.Start(window);
        }
    }

    /// <summary>How long the connections had something to do, all in all.</summary>
    public TimeSpan BusyTime => Stopwatch.GetElapsedTime(0, _busyTicks);

    /// <summary>
    /// Serves the connections for this time, without ever sleeping: waking a thread that sleeps costs its waker, here the
    /// server, more than many calls do, and adds to their latency what no server is to blame for.
    /// </summary>
    /// <returns>The time it took really.</returns>
    public TimeSpan RunBusily(TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();

        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            Poll(timeoutMilliseconds: 0);
        }

        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Serves the connections for this time, asleep while there is nothing to do.</summary>
    /// <returns>The time it took really.</returns>
    public TimeSpan RunIdly(TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();

        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            Poll(LongestWaitMilliseconds);
        }

        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>
    /// Sends no further calls and waits for the answers to those on their way. Calls that get none are an error; behind
    /// another error there is no waiting, since a wrong answer leaves its call without a right one.
    /// </summary>
    public void Drain()
    {
        Meter.IssuesCalls = false;
        long start = Stopwatch.GetTimestamp();

        while (Meter.Errors == 0 && _connections.Exists(c => c.OutstandingCount > 0))
        {
            if (Stopwatch.GetElapsedTime(start) > DrainTimeout)
            {
                Meter.Fail($"{_connections.Sum(c => c.OutstandingCount)} calls got no answer in {DrainTimeout.TotalSeconds} s.");
                return;
            }

            Poll(LongestWaitMilliseconds);
        }
    }

    public void Dispose()
    {
        foreach (LoadConnection connection in _connections.Where(c => !c.IsClosed))
        {
            connection.Close();
        }

        _epoll.Dispose();
    }

    private void Poll(int timeoutMilliseconds)
    {
        int count = _epoll.Wait(timeoutMilliseconds);

        if (count == 0)
        {
            return;
        }

        long start = Stopwatch.GetTimestamp();

        for (int i = 0; i < count; i++)
        {
            _connections[_epoll.TokenOf(i)].OnReady();
        }

        _busyTicks += Stopwatch.GetTimestamp() - start;
    }
}
