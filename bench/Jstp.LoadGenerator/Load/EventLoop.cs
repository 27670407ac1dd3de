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

    /// <summary>Serves the connections for this time.</summary>
    /// <returns>The time it took really.</returns>
    public TimeSpan Run(TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan elapsed;

        while ((elapsed = Stopwatch.GetElapsedTime(start)) < duration)
        {
            Poll(Math.Min(LongestWaitMilliseconds, (int)(duration - elapsed).TotalMilliseconds + 1));
        }

        return elapsed;
    }

    /// <summary>Sends no further calls and waits for the answers to those on their way; calls that get none are errors.</summary>
    public void Drain()
    {
        Meter.IssuesCalls = false;
        long start = Stopwatch.GetTimestamp();

        while (_connections.Exists(c => c.OutstandingCount > 0 && !c.IsClosed))
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

        for (int i = 0; i < count; i++)
        {
            _connections[_epoll.TokenOf(i)].OnReady();
        }
    }
}
