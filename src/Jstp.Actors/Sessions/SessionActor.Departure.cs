using Jstp.Actors.Cluster;
using Jstp.Actors.Connections;

namespace Jstp.Actors.Sessions;

// How a session leaves the memory of this node: for want of use, to another node, or for good.
internal sealed partial class SessionActor
{
    private readonly List<int> _askedBy = []; // nodes that want the session
    private readonly List<SessionMessage.Resume> _resumeLater = [];
    private bool _isLost; // another node has it already
    private bool _isLeaving; // stored and on its way out of the memory: nothing may change any more

    private bool IsGoing => _isLost || _askedBy.Count > 0;

    private async ValueTask ExpireAsync(CancellationToken stopping)
    {
        if (_holder is not null || _session is null || _isLeaving)
        {
            return;
        }

        // A release that waits for the storage would keep a client out that comes back meanwhile.
        if (_keeper.IsStorageAway || !await TryLeaveAsync(stopping))
        {
            ArmExpiration(); // there is no other copy
        }
    }

    private ValueTask MakeRoomAsync(CancellationToken stopping)
    {
        if (_awaitedSince is { } since)
        {
            TimeSpan left = _server.Options.HandshakeTimeout - Context.TimeProvider.GetElapsedTime(since);

            if (left > TimeSpan.Zero)
            {
                // A client was told that its session is here, and is about to attach; if it does not, nothing is lost by having waited.
                Context.Timers.StartSingle(RoomTimer, SessionMessage.MakeRoom.Instance, left);

                return ValueTask.CompletedTask;
            }
        }

        return ExpireAsync(stopping);
    }

    private async ValueTask HandOverAsync(int node, CancellationToken stopping)
    {
        if (_session is null || _isLeaving)
        {
            _server.Say(node, new ClusterMessage.Released([_id])); // or it would wait for nothing

            return;
        }

        if (!_askedBy.Contains(node))
        {
            _askedBy.Add(node);
        }

        await EndHolderOrGoAsync(stopping);
    }

    private async ValueTask OnLostAsync(CancellationToken stopping)
    {
        if (_session is not null && !_isLeaving && !_isLost)
        {
            _isLost = true;
            await EndHolderOrGoAsync(stopping);
        }
    }

    private async ValueTask EndHolderOrGoAsync(CancellationToken stopping)
    {
        _waiting?.Connection.Tell(ConnectionMessage.Moved.Instance);
        _waiting = null;

        if (_holder is null)
        {
            await GoAsync(stopping);
        }
        else
        {
            _holder.Tell(ConnectionMessage.TakenOver.Instance);
        }
    }

    // Nobody holds the session any more, and another node is to have it, or has it already.
    private async ValueTask GoAsync(CancellationToken stopping)
    {
        if (_isLost)
        {
            _isLeaving = true;
            _keeper.OnLost(_session!);
            _server.Sessions.Tell(new SessionRegionMessage.Passivate(Context.Self, _connection));
        }
        else if (!await TryLeaveAsync(stopping))
        {
            return;
        }

        foreach (int node in _askedBy)
        {
            _server.Say(node, new ClusterMessage.Released([_id]));
        }

        foreach (SessionMessage.Resume resume in _resumeLater)
        {
            _server.Sessions.Tell(new SessionRegionMessage.Find(_id, resume.Application, resume.Reply));
        }

        _resumeLater.Clear();
    }

    private async ValueTask<bool> TryLeaveAsync(CancellationToken stopping)
    {
        await KeepOutboxAsync(stopping);

        if (_session is null || !await _keeper.ReleaseAsync(_session, stopping))
        {
            return _session is null;
        }

        // From here on the outbox belongs to whoever loads the session next, even before this actor is gone.
        _isLeaving = true;
        _server.Sessions.Tell(new SessionRegionMessage.Passivate(Context.Self, _connection));

        return true;
    }

    /// <summary>Leaves the memory. The storage has everything; what is sent to the client from now on brings the session back, or is left for it.</summary>
    private void Forget()
    {
        if (_session is null)
        {
            Context.Stop();

            return;
        }

        FailRequests(); // D17: nobody will match their answers

        if (!_connection.Outbox.IsEmpty)
        {
            _server.Sessions.Tell(new SessionRegionMessage.Wake(_connection)); // it came after the last look, and its sender has told this actor only
        }

        LogExpired(_server.Logger, SessionId.ForLog(_id));
        Context.Stop();
    }

    private async ValueTask EndSessionAsync()
    {
        if (_session is not null && !_isLeaving)
        {
            Session session = _session;
            Forsake();
            await _keeper.DeleteAsync(session);
            Leave();
        }
    }

    // Nothing reaches the client from now on.
    private void Forsake()
    {
        FailRequests();
        _waiting?.Connection.Tell(ConnectionMessage.Refused.Instance);
        _waiting = null;
        _connection.EndSession();
    }

    private void FailRequests()
    {
        _session?.Requests.FailAll();
        _session?.Pings.FailAll();
        _session = null;
    }

    // Not by stopping at once: whoever the region has sent here already would never be answered.
    private void Leave() => _server.Sessions.TryTell(new SessionRegionMessage.Passivate(Context.Self, Connection: null));
}
