using System.Diagnostics.CodeAnalysis;
using System.Net;
using Jstp.Actors.Applications;
using Jstp.Actors.Applications.Dispatch;
using Jstp.Actors.Hosting;
using Jstp.Actors.Persistence;
using Jstp.Actors.Sessions;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Connections;

/// <summary>
/// A client, as applications see it. It lives as long as its session: while the client is away, events and calls are kept for it, and they arrive
/// in order when it returns. Every member may be used from any thread.
/// </summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "A source that has no timer and is linked to none holds nothing that would have to be released.")]
public sealed class JstpConnection
{
    private readonly CancellationTokenSource _ended = new();
    private volatile Session _session;
    private volatile ISessionHolder _holder;
    private volatile JstpApplication _application = null!; // from the first attachment on, before which nobody sees the object
    private volatile EndPoint? _remoteEndPoint;
    private volatile bool _isConnected;

    internal JstpConnection(JstpServer server, Session session, ISessionHolder holder)
    {
        Server = server;
        Id = server.NextConnectionId();
        _session = session;
        _holder = holder;
        Observe(session);
    }

    /// <summary>A number that no other connection of this node has. Unlike the session id it is no secret.</summary>
    public long Id { get; }

    /// <summary>The server that the client is connected to.</summary>
    public JstpServer Server { get; }

    /// <summary>The application and version that serve the client. Another version may take over after <see cref="JstpServer.UpdateConnectionsApi"/> or a restore.</summary>
    public JstpApplication Application
    {
        get => _application;
        internal set => _application = value;
    }

    /// <summary>The user's name; null when anonymous.</summary>
    public string? UserName => _session.UserName;

    /// <summary>The session id: a bearer secret. Who has it can take the session over; never log it.</summary>
    public string SessionId => _session.Id;

    /// <summary>
    /// The application's own values, which last as long as the session. They can be changed where the session is: while its client is away for long, or at
    /// another node, a change has no effect and is logged (docs/sessions.md).
    /// </summary>
    public SessionData Data => _session.Data;

    /// <summary>The address of the client's present or last connection; null where the transport has none.</summary>
    public EndPoint? RemoteEndPoint
    {
        get => _remoteEndPoint;
        internal set => _remoteEndPoint = value;
    }

    /// <summary>Whether the client is connected at this moment.</summary>
    public bool IsConnected
    {
        get => _isConnected;
        internal set => _isConnected = value;
    }

    /// <summary>
    /// Cancelled when the session ends: nothing can reach this client any more. A session that only left the memory has not ended. Where the session store, or
    /// another node, ends it later, this is noticed when something is sent to the client.
    /// </summary>
    public CancellationToken SessionEnded => _ended.Token;

    /// <summary>Whether a client was ever attached, so that applications may have the object in hand.</summary>
    internal bool HasBeenSeen => _application is not null;

    internal Outbox Outbox { get; } = new();

    /// <summary>Which version the client asked for; decides where <see cref="JstpServer.UpdateConnectionsApi"/> moves it.</summary>
    internal VersionRequest RequestedVersion { get; set; } = VersionRequest.Latest;

    /// <summary>Sends an event. It is kept until the client has it, also over a lost connection (protocol page, section 10).</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="eventName">The event. Do not use <c>error</c>: it ends a reference client that does not listen to it (protocol page, section 8).</param>
    /// <param name="arguments">The arguments; each is written by its own type.</param>
    /// <exception cref="JstpSessionEndedException">The session is over.</exception>
    /// <exception cref="MdsfConversionException">An argument has no form in MDSF.</exception>
    /// <exception cref="ArgumentException">The event is longer than a message may be.</exception>
    public void Emit(string interfaceName, string eventName, params ReadOnlySpan<object?> arguments) =>
        Send(new OutboxItem.Send(
            OutgoingKind.Event, MessageTail.Event(interfaceName, eventName, arguments, Server.Options.MaxMessageSize)));

    /// <summary>Calls a method of the client.</summary>
    /// <returns>The results.</returns>
    /// <exception cref="JstpException">The client's error; or <see cref="JstpErrorCode.CallbackLost"/> when its answer was lost with a connection.</exception>
    /// <exception cref="InvalidOperationException">Too many calls to this client are waiting.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the client may still execute the call.</exception>
    /// <exception cref="JstpSessionEndedException">The session is over.</exception>
    public Task<IReadOnlyList<MdsfValue>> CallAsync(
        string interfaceName, string methodName, IReadOnlyList<object?>? arguments = null, CancellationToken cancellationToken = default) =>
        RequestAsync(OutgoingKind.Call, MessageTail.Call(interfaceName, methodName, arguments is null ? [] : [.. arguments], Server.Options.MaxMessageSize), cancellationToken);

    /// <summary>Calls a method of the client and converts its first result.</summary>
    /// <inheritdoc cref="CallAsync(string, string, IReadOnlyList{object?}, CancellationToken)"/>
    /// <exception cref="MdsfConversionException">The result does not fit <typeparamref name="T"/>.</exception>
    public async Task<T> CallAsync<T>(
        string interfaceName, string methodName, IReadOnlyList<object?>? arguments = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<MdsfValue> results = await CallAsync(interfaceName, methodName, arguments, cancellationToken);

        MdsfValue result = results.Count > 0 ? results[0] : MdsfValue.Undefined;

        return MdsfSerializer.Default.Deserialize<T>(MdsfSerializer.Default.SerializeToUtf8Bytes(result));
    }

    /// <summary>Asks the client for the methods of one of its interfaces.</summary>
    /// <inheritdoc cref="CallAsync(string, string, IReadOnlyList{object?}, CancellationToken)"/>
    public async Task<IReadOnlyList<string>> InspectAsync(string interfaceName, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<MdsfValue> names = await RequestAsync(OutgoingKind.Inspect, MessageTail.Inspect(interfaceName), cancellationToken);

        return [.. names.Where(name => name.Kind == MdsfValueKind.String).Select(name => name.AsString())];
    }

    /// <summary>Completes when the client has everything that was sent to it before.</summary>
    /// <exception cref="JstpException"><see cref="JstpErrorCode.CallbackLost"/>: the connection ended first, or there is none.</exception>
    /// <exception cref="JstpSessionEndedException">The session is over.</exception>
    public Task PingAsync(CancellationToken cancellationToken = default)
    {
        var request = new PendingRequest();
        Send(new OutboxItem.Ping(request));

        return request.Answer.WaitAsync(cancellationToken);
    }

    /// <summary>Closes the connection in order. The session stays and can be restored.</summary>
    public void Close() => Post(OutboxItem.Close.Normal);

    /// <summary>Cuts the connection off without a close handshake, as a lost network would. The session stays and can be restored.</summary>
    public void Abort() => Post(OutboxItem.Abort.Instance);

    /// <summary>Sends an event that was encoded for many clients; to one whose session is over it does nothing.</summary>
    internal void EmitEncoded(ReadOnlyMemory<byte> tail) => Post(new OutboxItem.Send(OutgoingKind.Event, tail, IsShared: true));

    /// <summary>Closes the connection in order and has the client look for another node.</summary>
    internal void SendAway() => Post(OutboxItem.Close.GoingAway);

    internal void Answer(CallTicket ticket, ReadOnlyMemory<byte> text) => Post(new OutboxItem.Answer(ticket, text));

    /// <summary>Takes an event that was left in the store; it stays there until the session has it.</summary>
    internal void Deliver(StoredPost post) => Post(new OutboxItem.Post(post));

    /// <summary>The session has come back into memory, and this is its connection as before.</summary>
    internal void Revive(Session session, ISessionHolder holder)
    {
        _session = session;
        _holder = holder;
        Observe(session);
    }

    internal void SetHolder(ISessionHolder holder) => _holder = holder;

    /// <summary>Nothing reaches the client from now on. What still waits in the outbox fails.</summary>
    internal void EndSession()
    {
        _ = CancelAsync();
        RejectOutbox();
    }

    // What the application has registered runs on the thread pool, not inside the turn that ends the session, and may throw what it likes.
    private async Task CancelAsync()
    {
        try
        {
            await _ended.CancelAsync();
        }
#pragma warning disable CA1031 // the application's code, to which nobody listens any more
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Server.OnListenerFailed(exception);
        }
    }

    // Values can be changed from anywhere; a holder that writes changes must know.
    private void Observe(Session session)
    {
        if (session.Tracker is not null)
        {
            session.Data.Changed = () => Post(OutboxItem.Record.Instance);
        }
    }

    private async Task<IReadOnlyList<MdsfValue>> RequestAsync(OutgoingKind kind, ReadOnlyMemory<byte> tail, CancellationToken cancellationToken)
    {
        var request = new PendingRequest();
        Send(new OutboxItem.Send(kind, tail, request));

        return await request.Answer.WaitAsync(cancellationToken);
    }

    private void Send(OutboxItem item)
    {
        if (_ended.IsCancellationRequested)
        {
            throw new JstpSessionEndedException();
        }

        Post(item);
    }

    private void Post(OutboxItem item)
    {
        ISessionHolder holder = _holder;

        if (holder.IsCurrent)
        {
            holder.Handle(item);

            return;
        }

        if (AddToOutbox(item, holder))
        {
            // Read again: a holder that was replaced since then has emptied the outbox for the last time, its successor has yet to.
            _holder.NotifyOutbox();
        }

        if (_ended.IsCancellationRequested)
        {
            RejectOutbox(); // the session ended while the item was on its way
        }
    }

    /// <returns>Whether the holder must be told.</returns>
    private bool AddToOutbox(OutboxItem item, ISessionHolder holder)
    {
        if (item is not OutboxItem.Send send || !holder.BoundsOutbox)
        {
            return Outbox.Add(item);
        }

        if (Outbox.TryAdd(send, Server.Options, out bool isFirst))
        {
            return isFirst;
        }

        SessionLimits.Refuse(send);
        Server.OnOutboxFull(SessionId, isFirst);

        return false; // it was told of what it has not taken
    }

    private void RejectOutbox()
    {
        foreach (OutboxItem item in Outbox.TakeAll())
        {
            switch (item)
            {
                case OutboxItem.Send send:
                    send.Request?.FailAsLost();
                    Server.Metrics.SendRefused();
                    break;
                case OutboxItem.Ping ping:
                    ping.Request.FailAsLost();
                    break;
                case OutboxItem.Answer:
                    Server.Metrics.AnswerDropped();
                    break;
            }
        }
    }
}
