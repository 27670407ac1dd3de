using Jstp.Actors.Connections;

namespace Jstp.Actors.Sessions;

/// <summary>
/// The connections of sessions that have left the memory, as long as an application keeps them: when such a session comes back, they are its
/// connection again.
/// </summary>
internal sealed class PassiveConnections
{
    private const int MinCountForSweep = 1024;

    private readonly Dictionary<string, WeakReference<JstpConnection>> _connections = new(StringComparer.Ordinal);
    private int _countForSweep = MinCountForSweep;

    public void Add(string id, JstpConnection connection)
    {
        if (_connections.Count >= _countForSweep)
        {
            Sweep();
        }

        _connections[id] = new WeakReference<JstpConnection>(connection);
    }

    /// <summary>Removes a connection and returns it, null when nobody has it any more.</summary>
    public JstpConnection? Take(string id) =>
        _connections.Remove(id, out WeakReference<JstpConnection>? reference) && reference.TryGetTarget(out JstpConnection? connection)
            ? connection
            : null;

    // When the number has doubled since the last time, so that the cost of looking at all is shared by as many additions.
    private void Sweep()
    {
        foreach ((string id, WeakReference<JstpConnection> reference) in _connections)
        {
            if (!reference.TryGetTarget(out _))
            {
                _connections.Remove(id);
            }
        }

        _countForSweep = Math.Max(MinCountForSweep, 2 * _connections.Count);
    }
}
