using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// Lets a connection outlive the HTTP request that upgraded it. Kestrel parses the request and answers it; then the request ends, everything that HTTP
/// needed becomes garbage, and what is left of the connection is its transport. That is worth several KiB for every connection that is open.
/// </summary>
/// <remarks>
/// It is a connection middleware right below HTTP: HTTP gets pipes that it can complete without ending the transport, and a heartbeat that forgets it.
/// Between TLS and HTTP it takes over the decrypted pipes; below TLS it could not, as TLS ends with what runs on it.
/// </remarks>
internal sealed class TransportTakeover : IConnectionHeartbeatFeature
{
    private readonly ConnectionContext _connection;
    private readonly ShieldedPipe _shield;
    private List<(Action<object> Action, object State)>? _heartbeats = [];
    private Func<UpgradedConnection, Task>? _serve;
    private UpgradedConnection? _upgraded;

    private TransportTakeover(ConnectionContext connection)
    {
        _connection = connection;
        _shield = new ShieldedPipe(connection.Transport);
    }

    /// <summary>The middleware.</summary>
    public static async Task RunAsync(ConnectionContext connection, ConnectionDelegate http)
    {
        (UpgradedConnection Upgraded, Func<UpgradedConnection, Task> Serve)? takeover = await new TransportTakeover(connection).RunHttpAsync(http);

        if (takeover is { } taken)
        {
            await taken.Serve(taken.Upgraded);
        }

        await connection.Transport.Output.CompleteAsync();
        await connection.Transport.Input.CompleteAsync();
    }

    /// <summary>Whether nothing stands between HTTP and this middleware, as TLS would.</summary>
    public bool IsPossible => ReferenceEquals(_connection.Transport, _shield);

    /// <summary>The transport itself.</summary>
    public System.IO.Pipelines.IDuplexPipe Transport => _shield.Inner;

    /// <summary>Cuts HTTP off from the transport, which belongs to the accepted connection from here on.</summary>
    public void Detach() => _shield.Detach();

    /// <summary>Serves the connection as soon as HTTP has let go of it.</summary>
    public void Begin(UpgradedConnection upgraded, Func<UpgradedConnection, Task> serve)
    {
        _upgraded = upgraded;
        _serve = serve;
    }

    void IConnectionHeartbeatFeature.OnHeartbeat(Action<object> action, object state)
    {
        lock (_shield)
        {
            _heartbeats?.Add((action, state));
        }
    }

    private async Task<(UpgradedConnection, Func<UpgradedConnection, Task>)?> RunHttpAsync(ConnectionDelegate http)
    {
        IConnectionHeartbeatFeature? heartbeat = _connection.Features.Get<IConnectionHeartbeatFeature>();
        heartbeat?.OnHeartbeat(static state => ((TransportTakeover)state).Beat(), this);
        _connection.Transport = _shield;
        _connection.Features.Set<IConnectionHeartbeatFeature>(this);
        _connection.Features.Set(this);

        try
        {
            await http(_connection);
        }
        catch (Exception) when (_serve is not null)
        {
            // HTTP logged it, and the connection is not HTTP's any more.
        }
        finally
        {
            lock (_shield)
            {
                _heartbeats = null; // they hold on to all that HTTP had
            }

            _connection.Features.Set<TransportTakeover>(null);
            _connection.Features.Set(heartbeat);
            _connection.Transport = _shield.Inner;
        }

        return _serve is null ? null : (_upgraded!, _serve);
    }

    private void Beat()
    {
        (Action<object> Action, object State)[] heartbeats;

        lock (_shield)
        {
            heartbeats = _heartbeats is null ? [] : [.. _heartbeats];
        }

        foreach ((Action<object> action, object state) in heartbeats)
        {
            action(state);
        }
    }
}
