using Jstp.Actors.Persistence;
using Jstp.TestKit;
using Jstp.TestKit.Server;

namespace Jstp.Actors.Tests.Sessions.Model;

// How the session is opened, moved and lost, and what that does to what was sent.
internal sealed partial class SessionWorld
{
    private async Task OpenAsync()
    {
        _client = new ModelClient();
        _events = [];
        _calls.Clear();
        _marks.Clear();
        _safeMarks.Clear();
        _connections.Clear();
        _isSafe = false;
        _isCountUnknown = false;
        _owner = Living.First(node => !_cutOff.Contains(node));
        _client.Begin(await _cluster.Nodes[_owner].ConnectAsync());
        await RestAsync();
        Look();
    }

    private async Task ResumeAsync(int node, StepKind kind, int argument)
    {
        if (argument % 2 == 0)
        {
            _client.Read(); // else what has come by now is lost
        }

        if (_client.Peer is { } old)
        {
            _abandoned.Add((_owner, old)); // and still open, for all that the server knows
        }

        if (!_isSafe && CanOwnerWrite && node != _owner)
        {
            await _cluster.AdvanceAsync(JournalInterval); // no client is back so soon
            OnTime();
        }

        bool isForced = !CanOwnerWrite && node != _owner;

        if (!isForced && node != _owner && !_cutOff.Contains(node))
        {
            _isCountUnknown = false;
            OnWritten(); // the owner does, before it lets go
        }

        if (kind == StepKind.ResumeStale)
        {
            HashSet<int> unproved = [.. _client.UnprovedEvents];
            HashSet<int> before = [.. _client.Events];
            _client.Forget(1 + (argument % 4));
            before.ExceptWith(_client.Events);
            SkipWhere(sent => before.Contains(sent.Number) && !unproved.Contains(sent.Number));
        }

        long claim = kind == StepKind.ResumeTooFar ? _client.Count + 1000 : _client.Count;
        JstpPeer peer = _cluster.Nodes[node].Open();
        peer.Send($"{{handshake:[0,'app'],session:['{_client.SessionId}',{claim}]}}");

        if (kind == StepKind.ResumeTooFar)
        {
            SkipWhere(static _ => true);
        }

        _client.Prove();

        await RestAsync();

        if (kind == StepKind.ResumeAndVanish)
        {
            peer.Lose();
        }

        if (isForced && !IsOwnerDead && !_cutOff.Contains(node))
        {
            await _cluster.AdvanceAsync(HandOverTimeout); // the owner does not hear that it is asked
        }

        if (kind == StepKind.ResumeAndVanish)
        {
            await VanishAsync(peer, node, isForced);
        }
        else
        {
            await AwaitAnswerAsync(peer, node, isForced);
        }
    }

    private async Task AwaitAnswerAsync(JstpPeer peer, int node, bool isForced)
    {
        string? answer = peer.TakeNow();

        // A node without its store answers for no session that others may have taken: the client is sent away.
        if (_cutOff.Contains(node) && (answer is null || _isSafe))
        {
            Assert.Null(answer);
            _client.Lose();
            peer.Lose();

            return;
        }

        if ((answer ??= peer.TakeNow()) is null && _durability != SessionDurability.Strict)
        {
            await _cluster.AdvanceAsync(JournalInterval); // events that were left for the session are to be written as its own first
        }

        await UntilAsync(() => (answer ??= peer.TakeNow()) is not null || peer.HasEnded, "the answer of a handshake");

        if (answer == "{handshake:[0],error:[11]}" && !_isSafe)
        {
            await OpenAsync(); // it died before it was in the store

            return;
        }

        Assert.StartsWith("{handshake:[0],ok:", answer, StringComparison.Ordinal);
        OnMoved(node, isForced);
        _isCountUnknown = false;
        _client.GoOn(peer, long.Parse(answer!["{handshake:[0],ok:".Length..^1], System.Globalization.CultureInfo.InvariantCulture));
    }

    // The session moves, whether somebody waits for it or not.
    private async Task VanishAsync(JstpPeer peer, int node, bool isForced)
    {
        _client.Lose();

        if (_cutOff.Contains(node) || node == _owner)
        {
            return;
        }

        int number = _cluster.Nodes[node].Server.Cluster.NodeNumber;
        await UntilAsync(() => FindSession() is not { } session || session.Owner == number, "the session to move");

        if (FindSession() is not null)
        {
            OnMoved(node, isForced);
            _isCountUnknown = isForced;
        }
        else if (isForced)
        {
            await OpenAsync(); // it died before it was in the store
        }
    }

    private void OnMoved(int node, bool isForced)
    {
        if (isForced)
        {
            OnLost();
        }

        _owner = node;
    }

    private async Task KillAsync(int node)
    {
        if (node == _owner)
        {
            _client.Lose();
            OnLost();
        }

        _abandoned.FindAll(abandoned => abandoned.Node == node).ForEach(static abandoned => abandoned.Peer.Lose());
        await _cluster.KillAsync(node);
        _dead.Add(node);
        _cutOff.Remove(node);

        _cluster.Add();
        Listen(_cluster.Nodes.Count - 1);
    }

    private async Task ReturnAsync()
    {
        if (_cutOff.Count == 0)
        {
            return;
        }

        foreach (int node in _cutOff)
        {
            await _cluster.ReturnAsync(node);
        }

        _cutOff.Clear();
        OnTime();
    }

    private async Task PerishAsync()
    {
        await _cluster.AdvanceAsync(ExpirationTime + (2 * Lifetime));
        JstpPeer peer = _cluster.Nodes[Living[0]].Open();
        peer.Send($"{{handshake:[0,'app'],session:['{_client.SessionId}',0]}}");
        await peer.ExpectAsync("{handshake:[0],error:[11]}");
        await OpenAsync();
    }

    /// <summary>So much time has passed that the owner has written what its durability asks for by now.</summary>
    private void OnTime()
    {
        if (CanOwnerWrite && (_durability != SessionDurability.OnDisconnect || !IsConnected))
        {
            OnWritten();
        }

        _isSafe |= CanOwnerWrite;
    }

    private void OnWritten()
    {
        if (!CanOwnerWrite || _isCountUnknown)
        {
            return;
        }

        _isSafe = true;

        foreach (SentEvent sent in _events.Where(static sent => !sent.IsPost && !sent.IsLost))
        {
            sent.IsSafe = true;
        }

        _safeMarks.UnionWith(_marks.Except(_client.Unproved));
    }

    private void OnLost()
    {
        foreach (SentEvent sent in _events.Where(static sent => !sent.IsSafe))
        {
            sent.IsLost = true;
        }

        if (_durability != SessionDurability.Strict)
        {
            _marks.RemoveWhere(id => !_safeMarks.Contains(id) && !_client.Unproved.Contains(id)); // which it will not send again
        }
    }

    private void SkipWhere(Func<SentEvent, bool> isMeant)
    {
        foreach (SentEvent sent in _events.Where(isMeant))
        {
            sent.IsForgotten = true;
        }
    }

    /// <summary>In the end nothing is wrong any more, the client comes back once more, and has all that it was promised.</summary>
    private async Task FinishAsync()
    {
        await ReturnAsync();
        await ResumeAsync(Living[0], StepKind.Resume, argument: 0);
        await RestAsync();
        SentEvent[] promised = [.. _events.Where(static sent => sent is { IsSafe: true, IsForgotten: false, Answer: not { IsFaulted: true } })];

        await UntilAsync(
            () =>
            {
                _cluster.Time.Advance(JournalInterval); // what was left for the session may be heard of, and is written, at any moment
                _client.Read();
                return !promised.Select(static sent => sent.Number).Except(_client.Events).Any();
            },
            $"events {string.Join(", ", promised.Select(static sent => sent.Number))} (there are {string.Join(", ", _client.Events)})");
        await _cluster.AdvanceAsync(JournalInterval);
        Look();

        while (_client.HasUnanswered)
        {
            _client.Answer(int.MaxValue);
            await RestAsync();
            Look();
        }

        Assert.Empty(_client.Calling);
        await UntilAsync(() => _calls.TrueForAll(call => _dead.Contains(call.Node) || call.Answer.IsCompleted), "the calls of the client to be over");
        long[] marks = [.. ReadMarks()];
        Assert.Equal(marks.Distinct().Order(), marks);
        Assert.Empty(_safeMarks.Except(marks));

        if (_durability == SessionDurability.Strict)
        {
            Assert.Equal(_marks, marks);
        }
    }

    // Shorter than elsewhere, as a history that fails is tried many times.
    private static Task UntilAsync(Func<bool> condition, string awaited) => Patience.UntilAsync(condition, awaited, TimeSpan.FromSeconds(5));

    private SessionPresence? FindSession() =>
        _cluster.Store.FindAsync(new SessionFilter(SessionId: _client.SessionId), limit: 1, CancellationToken.None).Result.SingleOrDefault(); // in memory
}
