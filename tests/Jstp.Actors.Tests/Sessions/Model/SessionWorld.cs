using System.Globalization;
using Jstp.Actors.Connections;
using Jstp.Actors.Persistence;
using Jstp.TestKit.Server;
using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Tests.Sessions.Model;

/// <summary>
/// One session of a cluster, its client, and what the client may expect: the whole model is a list of what was sent, and of each whether the store was bound to
/// have it when its node was lost (the table in docs/sessions.md). Whatever is safe arrives exactly once and in order; what is not may be lost, never doubled.
/// </summary>
internal sealed partial class SessionWorld : IAsyncDisposable
{
    private static readonly TimeSpan JournalInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan HandOverTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ExpirationTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly SessionDurability _durability;
    private readonly JstpTestCluster _cluster;
    private readonly Dictionary<int, JstpConnection> _connections = []; // the session's, by node, as the application there has it
    private readonly HashSet<int> _dead = [];
    private readonly HashSet<int> _cutOff = [];
    private readonly List<(int Node, Task Answer)> _calls = []; // to the client
    private readonly SortedSet<long> _marks = []; // that the client has sent
    private readonly SortedSet<long> _safeMarks = []; // of which the store must know
    private readonly List<(int Node, JstpPeer Peer)> _abandoned = []; // connections that the client has left open
    private List<SentEvent> _events = [];
    private ModelClient _client = new();
    private int _lastNumber;
    private int _owner; // the node that took the session last
    private bool _isSafe; // whether the store must have the session
    private bool _isCountUnknown; // the owner cannot give ids, and so write events, before a client comes or a handshake would be over

    public SessionWorld(SessionDurability durability)
    {
        _durability = durability;
        _cluster = new JstpTestCluster(
            durability,
            static application => application.AddInterface("m", static m => m
                .Method("mark", static (JstpConnection client, long id) => Mark(client, id))
                .OnEvent("mark", static (JstpConnection client, long id) => { Mark(client, id); })),
            static options =>
            {
                options.JournalInterval = JournalInterval;
                options.HandOverTimeout = HandOverTimeout;
                options.ClientExpirationTime = ExpirationTime;
                options.InactiveSessionLifetime = Lifetime;
                options.AcknowledgePingMessages = 4;
            });

        for (int node = 0; node < _cluster.Nodes.Count; node++)
        {
            Listen(node);
        }
    }

    private bool IsConnected => _client.Peer is not null;

    private bool IsOwnerDead => _dead.Contains(_owner);

    private bool CanEmit => !IsOwnerDead && _connections.ContainsKey(_owner); // a client that vanished has never been seen there

    private bool CanOwnerWrite => !IsOwnerDead && !_cutOff.Contains(_owner);

    private IReadOnlyList<int> Living => [.. Enumerable.Range(0, _cluster.Nodes.Count).Where(node => !_dead.Contains(node))];

    public async Task RunAsync(IReadOnlyList<Step> steps)
    {
        await OpenAsync();

        foreach (Step step in steps)
        {
            await CarryOutAsync(step);
            await RestAsync();
            Look();
        }

        await FinishAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Lose();
        _abandoned.ForEach(static abandoned => abandoned.Peer.Lose());

        foreach (int node in _cutOff)
        {
            await _cluster.ReturnAsync(node);
        }

        await _cluster.DisposeAsync();
    }

    private static long Mark(JstpConnection client, long id)
    {
        client.Data.Update("marks", marks => MdsfValue.Parse(System.Text.Encoding.UTF8.GetBytes(
            marks.Kind == MdsfValueKind.String ? $"'{marks.AsString()} {id}'" : $"'{id}'")));

        return id;
    }

    private async Task CarryOutAsync(Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Emit:
                Emit(1 + (step.Argument % 3));
                break;
            case StepKind.EmitElsewhere:
                EmitElsewhere(step.Argument);
                break;
            case StepKind.CallClient:
                CallClient();
                break;
            case StepKind.PingClient when IsConnected:
                _calls.Add((_owner, _connections[_owner].PingAsync()));
                break;
            case StepKind.Post:
                await PostAsync(step.Argument);
                break;
            case StepKind.SendEvent or StepKind.SendCall or StepKind.SendPing:
                Send(step.Kind);
                break;
            case StepKind.Answer when IsConnected:
                _client.Answer(step.Argument % 2 == 0 ? int.MaxValue : 1);
                break;
            case StepKind.AnswerNonsense when IsConnected:
                _client.Peer!.Send($"{{pong:[{-1_000_000 - step.Argument}]}}", $"{{callback:[{step.Argument}],ok:[]}}");
                break;
            case StepKind.Lose:
                _client.Read();
                _client.Lose();
                break;
            case StepKind.LoseUnread:
                _client.Lose();
                break;
            case StepKind.Resume or StepKind.ResumeStale or StepKind.ResumeTooFar or StepKind.ResumeAndVanish:
                await ResumeAsync(Living[step.Argument % Living.Count], step.Kind, step.Argument / 8);
                break;
            case StepKind.Tick:
                await _cluster.AdvanceAsync(JournalInterval);
                OnTime();
                break;
            case StepKind.Kill:
                await KillAsync(Living[step.Argument % Living.Count]);
                break;
            case StepKind.CutOff when _cutOff.Count == 0:
                _cutOff.Add(Living[step.Argument % Living.Count]);
                _cluster.CutOff(_cutOff.Single());
                break;
            case StepKind.Return:
                await ReturnAsync();
                break;
            case StepKind.Expire:
                await _cluster.AdvanceAsync(ExpirationTime);
                _isCountUnknown = false;
                OnTime();
                break;
            case StepKind.Perish when !IsConnected && _cutOff.Count == 0:
                await PerishAsync();
                break;
        }
    }

    private void Emit(int count)
    {
        if (CanEmit)
        {
            for (int i = 0; i < count; i++)
            {
                _connections[_owner].Emit("m", "e", Next(isPost: false, _owner).Number);
            }
        }
    }

    private void EmitElsewhere(int argument)
    {
        int[] others = [.. Living.Where(node => node != _owner && _connections.ContainsKey(node))];

        if (others.Length > 0)
        {
            int node = others[argument % others.Length];
            SentEvent sent = Next(isPost: true, node);
            sent.IsSafe = _isSafe && !sent.IsRisky; // once the nodes rest
            _connections[node].Emit("m", "e", sent.Number);
        }
    }

    private void CallClient()
    {
        if (CanEmit)
        {
            SentEvent sent = Next(isPost: false, _owner);
            sent.Answer = _connections[_owner].CallAsync("m", "c", [sent.Number]);
            _calls.Add((_owner, sent.Answer));
        }
    }

    private async Task PostAsync(int argument)
    {
        int[] nodes = [.. Living.Where(node => !_cutOff.Contains(node))];
        int from = nodes[argument % nodes.Length];
        SentEvent sent = Next(isPost: true, from);
        bool isThere = await _cluster.Nodes[from].Server.Cluster.SendToSessionAsync(_client.SessionId, "m", "e", sent.Number);
        Assert.True(isThere || !_isSafe, "The session is in the store, but was not found.");
        sent.IsSafe = isThere;
        sent.IsLost = !isThere;
    }

    private void Send(StepKind kind)
    {
        long id = _client.Send(kind);

        if (kind != StepKind.SendPing)
        {
            _marks.Add(id);
        }
    }

    private SentEvent Next(bool isPost, int node)
    {
        var sent = new SentEvent { Number = ++_lastNumber, IsPost = isPost, IsRisky = _cutOff.Contains(node) };
        _events.Add(sent);

        return sent;
    }

    private void Listen(int node)
    {
        _cluster.Nodes[node].Server.Connected += connection => _connections[node] = connection;
        _cluster.Nodes[node].Server.Reconnected += connection => _connections[node] = connection;
    }

    /// <summary>What has come so far: nothing twice, nothing out of order.</summary>
    private void Look()
    {
        _client.Read();
        int[] received = [.. _client.Events];
        Assert.Equal(received.Distinct(), received);
        Dictionary<int, SentEvent> sent = _events.ToDictionary(static sent => sent.Number);

        foreach (bool isPost in (bool[])[false, true])
        {
            int[] inOrder = [.. received.Where(number => sent[number].IsPost == isPost && !sent[number].IsRisky)];
            Assert.Equal(inOrder.Order(), inOrder);
        }

        if (_durability == SessionDurability.Strict)
        {
            OnWritten(); // nothing came before it was
        }
    }

    private Task RestAsync() => _cluster.SettleAsync();

    private IEnumerable<long> ReadMarks()
    {
        MdsfValue marks = _connections[_owner].Data["marks"];

        return marks.Kind == MdsfValueKind.String
            ? marks.AsString().Split(' ').Select(static mark => long.Parse(mark, CultureInfo.InvariantCulture))
            : [];
    }
}
