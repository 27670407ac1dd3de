using Jstp.Actors.Cluster;
using Jstp.Actors.Connections;
using Jstp.Actors.Kernel;
using Jstp.Actors.Persistence;
using Jstp.Actors.Sessions;

namespace Jstp.Actors.Hosting;

// The server as a node of its cluster: it joins before the first client comes, and drains and leaves in order (docs/cluster.md).
public sealed partial class JstpServer
{
    private readonly Lock _nodeGate = new();
    private readonly TaskCompletionSource _clientsGone = new(TaskCreationOptions.RunContinuationsAsynchronously); // once the node has drained
    private volatile NodeState _state;
    private volatile INodeMembership? _membership;
    private Task? _started;
    private bool _isStoreOpen;
    private Task<bool>? _drained;

    /// <summary>What the server is doing. One without a session store is up from the beginning; one that stops stays <see cref="NodeState.Draining"/>.</summary>
    public NodeState State => _state;

    /// <summary>
    /// Whether a load balancer should send clients here: the server has joined its cluster, does not drain or stop, and reaches its session store.
    /// </summary>
    public bool IsReady => IsWelcoming && _membership is not { IsCutOff: true };

    /// <summary>The membership in the cluster, from the start on; null without a session store.</summary>
    internal INodeMembership? Membership => _membership;

    /// <summary>Whether clients are let in.</summary>
    internal bool IsWelcoming => _state == NodeState.Up && !_isStopping;

    /// <summary>
    /// Opens the session store and joins the cluster; without a store it does nothing. <c>AddJstp</c> and <see cref="JstpListener.ListenAsync(int, System.Net.IPAddress?, CancellationToken)"/> call it;
    /// clients that come before it has completed are sent away. Later calls return the first outcome, unless that is a failure: then they try again.
    /// </summary>
    /// <exception cref="SessionStoreException">The store cannot be used; the message tells an operator why.</exception>
    /// <exception cref="OperationCanceledException">The first caller's token was cancelled.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        lock (_nodeGate)
        {
            if (_started is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _started = Options.SessionStore is { } store ? JoinAsync(store, cancellationToken) : Task.CompletedTask;
            }

            return _started;
        }
    }

    /// <summary>
    /// Takes no more clients (HTTP 503, or close code 1001 in place of a handshake's answer) and sends those that are connected to other nodes: closes their
    /// connections with 1001, <see cref="JstpServerOptions.DrainBatchSize"/> at a time, and writes and releases every session. The server goes on running
    /// until it is stopped, but never takes clients again. Later calls return the first outcome.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting; the node drains nevertheless.</param>
    /// <returns>Whether no client and no session was left within <see cref="JstpServerOptions.DrainTimeout"/>.</returns>
    public Task<bool> DrainAsync(CancellationToken cancellationToken = default)
    {
        lock (_nodeGate)
        {
            _drained ??= DrainOnceAsync();
        }

        return _drained.WaitAsync(cancellationToken);
    }

    private async Task JoinAsync(ISessionStore store, CancellationToken cancellationToken)
    {
        try
        {
            if (!_isStoreOpen)
            {
                await store.OpenAsync(cancellationToken);
                _isStoreOpen = true;
            }

            INodeMembership membership = await JoinAsUpAsync(store, cancellationToken);
            _membership = membership;
            ClusterNode!.Tell(new ClusterActorMessage.Joined(membership));
            Say(node: null, ClusterMessage.NodesChanged.Instance);
            LogJoined(Logger, membership.Number, Node);
        }
        catch (SessionStoreException exception)
        {
            throw new SessionStoreException(
                $"{JstpServerOptions.SectionName}:{nameof(JstpServerOptions.SessionStore)} cannot be used: {exception.Message}", exception);
        }

        lock (_nodeGate)
        {
            if (_drained is null)
            {
                _state = NodeState.Up;
            }
        }

        WarnIfOpenToAnyOrigin();
    }

    private async Task<INodeMembership> JoinAsUpAsync(ISessionStore store, CancellationToken cancellationToken)
    {
        INodeMembership membership = await store.JoinAsync(Node, cancellationToken);

        try
        {
            Listen(membership);
            await membership.SetStateAsync(NodeState.Up, cancellationToken);
        }
        catch
        {
            await membership.DisposeAsync(); // whoever tries again joins again

            throw;
        }

        return membership;
    }

    // Before anything else happens, and not in a turn of the actor: nothing that the membership says may fall between.
    private void Listen(INodeMembership membership)
    {
        ActorRef<ClusterActorMessage> node = ClusterNode!;
        membership.Bus.Received += message => node.TryTell(new ClusterActorMessage.Heard(message));
        membership.Bus.Missed += () => node.TryTell(ClusterActorMessage.Missed.Instance);
        membership.CutOffChanged += isCutOff => node.TryTell(new ClusterActorMessage.CutOff(isCutOff));
    }

    private async Task<bool> DrainOnceAsync()
    {
        _state = NodeState.Draining;
        LogDraining(Logger, _clients.Count);
        using var timeout = new CancellationTokenSource(Options.DrainTimeout, TimeProvider);

        // Told while the clients leave, as it helps nobody to wait for a store that is away.
        Task told = TellStateAsync(timeout.Token);

        try
        {
            Task<bool> released = Sessions.AskAsync<bool>(reply => new SessionRegionMessage.Drain(reply), Timeout.InfiniteTimeSpan, timeout.Token);
            await SendClientsAwayAsync(timeout.Token);
            await _clientsGone.Task.WaitAsync(timeout.Token);
            await released;
            await told;

            return true;
        }
        catch (Exception exception) when (exception is OperationCanceledException or AskFailedException)
        {
            LogDrainTimedOut(Logger, _clients.Count);

            return false;
        }
    }

    private async Task TellStateAsync(CancellationToken cancellationToken)
    {
        if (_membership is not { } membership)
        {
            return;
        }

        try
        {
            await membership.SetStateAsync(NodeState.Draining, cancellationToken);
            Say(node: null, ClusterMessage.NodesChanged.Instance);
        }
        catch (Exception exception) when (exception is SessionStoreException or OperationCanceledException)
        {
            LogStateNotTold(Logger, exception); // the others learn it when the node has left
        }
    }

    // In batches, or all of the clients would do their handshakes with the other nodes in the same moment.
    private async Task SendClientsAwayAsync(CancellationToken cancellationToken)
    {
        JstpConnection[] clients = [.. _clients.Values];

        foreach (JstpConnection[] batch in clients.Chunk(DrainBatchSize(clients.Length)))
        {
            if (batch[0] != clients[0])
            {
                await Task.Delay(Options.DrainInterval, TimeProvider, cancellationToken);
            }

            foreach (JstpConnection client in batch)
            {
                client.SendAway();
            }
        }

        NoteClientGone();
    }

    private int DrainBatchSize(int clientCount)
    {
        double batches = Math.Max(1, Math.Floor(Options.DrainTimeout / 2 / Options.DrainInterval));

        return Math.Max(Options.DrainBatchSize, (int)Math.Ceiling(clientCount / batches));
    }

    private void NoteClientGone()
    {
        if (_state == NodeState.Draining && _clients.IsEmpty)
        {
            _clientsGone.TrySetResult();
        }
    }

    /// <summary>Drains if there are other nodes for the clients to go to; without them it would only take longer.</summary>
    private async Task LeaveInOrderAsync()
    {
        Task? started;

        lock (_nodeGate)
        {
            started = _started;
        }

        if (started is not null)
        {
            // A start that failed has told its caller.
            await started.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_membership is { } membership && await HasOthersAsync(membership))
        {
            await DrainAsync(CancellationToken.None);
        }
    }

    private async Task<bool> HasOthersAsync(INodeMembership membership)
    {
        using var timeout = new CancellationTokenSource(Options.HandOverTimeout, TimeProvider);

        try
        {
            IReadOnlyList<NodeInfo> nodes = await membership.GetNodesAsync(timeout.Token).WaitAsync(timeout.Token);

            return nodes.Count > 1;
        }
        catch (Exception exception) when (exception is SessionStoreException or OperationCanceledException)
        {
            return true; // nobody knows, and to drain is safe either way
        }
    }

    private async Task LeaveAsync()
    {
        if (_membership is { } membership)
        {
            await membership.DisposeAsync();
        }
    }
}
