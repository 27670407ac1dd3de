using System.Text;
using Jstp.Actors.Persistence;
using Jstp.Actors.Sessions;
using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Tests.Persistence;

/// <summary>
/// Carries out operations on a store that are drawn from numbers, and notes every answer. Two nodes work on four sessions, under what they know of them,
/// which may be out of date.
/// </summary>
internal sealed class StoreScript
{
    private const int SessionCount = 4;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly StoreHarness _harness;
    private readonly ISessionStore[] _stores = new ISessionStore[2];
    private readonly INodeMembership[] _nodes = new INodeMembership[2];
    private readonly SessionClaim?[,] _claims = new SessionClaim?[2, SessionCount];
    private readonly long[] _delivered = new long[SessionCount];
    private readonly List<string> _log = [];
    private long _lastKey;
    private long _lastMagnitude;
    private int _step;

    private StoreScript(StoreHarness harness)
    {
        _harness = harness;
    }

    public static async Task<List<string>> RunAsync(StoreHarness harness, IEnumerable<int> numbers)
    {
        await using (harness)
        {
            var script = new StoreScript(harness);

            for (int i = 0; i < 2; i++)
            {
                script._stores[i] = await harness.OpenAsync();
                await script.JoinAsync(i);
            }

            foreach (int number in numbers)
            {
                await script.StepAsync((int)((uint)number % 16), (int)((uint)number / 16 % 2), (int)((uint)number / 32 % SessionCount), (int)((uint)number / 128 % 8));
            }

            // Whatever was written is compared in the end.
            for (int session = 0; session < SessionCount; session++)
            {
                await script.TakeAsync(0, session, force: true);
            }

            foreach (INodeMembership node in script._nodes)
            {
                await node.DisposeAsync();
            }

            return script._log;
        }
    }

    private Task StepAsync(int operation, int node, int session, int detail)
    {
        _step++;

        return operation switch
        {
            0 => CreateAsync(node, session, detail),
            1 or 2 or 3 => WriteAsync(node, session, change => change with { Appended = [.. Enumerable.Range(0, 1 + (detail % 4)).Select(_ => NewEvent())] }, detail),
            4 => WriteAsync(node, session, Acknowledge(session, detail), detail),
            5 => WriteAsync(node, session, change => change with { Data = new Dictionary<string, MdsfValue> { ["step"] = _step, ["detail"] = detail } }, detail),
            6 => WriteAsync(node, session, change => change with { OpenRequests = [new OpenRequest(_step, detail > 3, Utf8("{call}"))], CollectedThrough = detail }, detail),
            7 => WriteAsync(node, session, change => change with { KeptAnswers = Utf8($"answers {_step}"), Transition = detail < 4 ? SessionTransition.Attached : SessionTransition.Detached }, detail),
            8 => WriteAsync(node, session, change => change with { Appended = [NewEvent()], Transition = SessionTransition.Released }, detail),
            9 => detail < 2 ? WriteAsync(node, session, static change => change with { Transition = SessionTransition.Deleted }, detail) : TakeAsync(node, session, force: false),
            10 => TakeAsync(node, session, detail < 4),
            11 => PostAsync(node, session, detail),
            12 => PostToUserAsync(node, detail),
            13 => ReadAsync(node),
            14 => ExpireAsync(node, detail),
            _ => detail == 0 ? ReplaceAsync(node) : FindAsync(node, detail),
        };
    }

    // What a client has acknowledged never becomes less, whatever else happens in between.
    private Func<SessionChange, SessionChange> Acknowledge(int session, int detail)
    {
        long delivered = _delivered[session] = Math.Max(_delivered[session], _lastMagnitude - detail);

        return change => change with { ReleasedThrough = delivered, Counts = new SessionCounts(_step, delivered, _lastMagnitude) };
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Id(int session) => $"session-{session}";

    private OutgoingMessage NewEvent() => new((OutgoingKind)(_step % 3), ++_lastMagnitude, Utf8($",'tail {_step}']}}"));

    private void Note(string operation, IEnumerable<string> answers) => _log.Add($"{_step} {operation}: {string.Join("; ", answers)}");

    private async Task JoinAsync(int node) => _nodes[node] = await _stores[node].JoinAsync($"node-{node}", CancellationToken.None);

    // Others see the node leave before its successor comes.
    private async Task ReplaceAsync(int node)
    {
        await _nodes[node].DisposeAsync();
        IReadOnlyList<SessionPresence> found = await _stores[1 - node].FindAsync(default, 100, CancellationToken.None);
        Note("left", found.Select(static presence => $"{presence}").Order(StringComparer.Ordinal));
        await JoinAsync(node);
        Note("joined", [$"{_nodes[node].Number}"]);
    }

    private async Task CreateAsync(int node, int session, int detail)
    {
        var claim = new SessionClaim(++_lastKey, 1);
        SessionChange change = new()
        {
            Key = claim.Key,
            Epoch = claim.Epoch,
            Creation = new SessionCreation(Id(session), detail < 4 ? "chat" : "game", detail % 2 == 0 ? "ann" : null, _nodes[node].Number),
            Appended = detail < 2 ? [NewEvent()] : [],
            Transition = (SessionTransition)(detail % 4),
        };
        IReadOnlyList<long> refused = await _stores[node].WriteAsync([change], CancellationToken.None);

        if (refused.Count == 0)
        {
            _claims[node, session] = claim;
        }

        Note("create", refused.Select(static key => $"{key}"));
    }

    private async Task WriteAsync(int node, int session, Func<SessionChange, SessionChange> complete, int detail)
    {
        if (_claims[node, session] is not { } claim)
        {
            return;
        }

        SessionChange change = complete(new SessionChange { Key = claim.Key, Epoch = claim.Epoch });
        Note("write", await RefusedAsync());

        if (detail % 3 == 0)
        {
            Note("write again", await RefusedAsync());
        }

        async Task<IEnumerable<string>> RefusedAsync() => (await _stores[node].WriteAsync([change], CancellationToken.None)).Select(static key => $"{key}");
    }

    private async Task TakeAsync(int node, int session, bool force)
    {
        SessionTakeRequest[] requests = [new SessionTakeRequest(Id(session), force), new SessionTakeRequest("none"), new SessionTakeRequest(Id((session + 1) % SessionCount))];
        IReadOnlyList<SessionTakeResult> results = await _stores[node].TakeAsync(_nodes[node].Number, requests, CancellationToken.None);

        foreach (SessionTakeResult result in results)
        {
            if (result.Record is { } record)
            {
                _claims[node, result.Id[^1] - '0'] = new SessionClaim(record.Key, record.Epoch);
            }
        }

        Note("take", results.Select(static result => RecordText.Of(result)));
    }

    private async Task PostAsync(int node, int session, int detail)
    {
        long? lostEpoch = detail > 4 ? _claims[node, session]?.Epoch : null;
        SessionPost[] posts = [.. Enumerable.Range(0, detail).Select(i => new SessionPost(
            i == 2 ? "none" : Id((session + (i % 2)) % SessionCount),
            Utf8($"post {_step} {i}"),
            lostEpoch is { } epoch ? new MessageOrigin(epoch, _lastMagnitude - 3 + i) : null))];
        IReadOnlyList<SessionAddress?> addresses = await _stores[node].PostAsync(posts, CancellationToken.None);
        Note("post", addresses.Select(static address => $"{address}"));
    }

    private async Task PostToUserAsync(int node, int detail)
    {
        IReadOnlyList<SessionAddress> addresses = await _stores[node].PostToUserAsync(
            detail < 3 ? null : "chat", detail == 0 ? "bob" : "ann", Utf8($"to user {_step}"), CancellationToken.None);
        Note("post to user", addresses.OrderBy(static address => address.Key).Select(static address => $"{address}"));
    }

    private async Task ReadAsync(int node)
    {
        IReadOnlyList<StoredPost> posts = await _stores[node].ReadPostsAsync([.. Enumerable.Range(0, (int)_lastKey + 1).Select(static key => (long)key)], CancellationToken.None);
        Note("read", posts.OrderBy(static post => post.Key).Select(static post => RecordText.Of(post)));
        SessionClaim[] claims = [.. _claims.Cast<SessionClaim?>().OfType<SessionClaim>().DistinctBy(static claim => claim.Key)];
        Note("lost", (await _stores[node].FindLostAsync(claims, CancellationToken.None)).Order().Select(static key => $"{key}"));
    }

    private async Task FindAsync(int node, int detail)
    {
        SessionFilter filter = detail switch
        {
            1 => new SessionFilter("chat"),
            2 => new SessionFilter(UserName: "ann"),
            3 => new SessionFilter(SessionId: Id(1)),
            4 => new SessionFilter(IsConnected: true),
            5 => new SessionFilter(IsConnected: false),
            6 => new SessionFilter("game", "ann", IsConnected: true),
            _ => default,
        };
        Note("find", (await _stores[node].FindAsync(filter, 100, CancellationToken.None)).Select(static presence => $"{presence}").Order(StringComparer.Ordinal));
    }

    private async Task ExpireAsync(int node, int detail)
    {
        if (detail > 2)
        {
            await _harness.PassAsync(Day * 0.6);
        }

        Note("expire", [$"{await _stores[node].ExpireAsync(Day, 100, CancellationToken.None)}"]);
    }
}
