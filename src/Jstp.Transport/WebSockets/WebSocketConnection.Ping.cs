namespace Jstp.Transport.WebSockets;

/// <content>Pings, and how long they take.</content>
public sealed partial class WebSocketConnection
{
    private PingTimes? _pings;
    private long _keepAlivePingSentAt; // 0: no keep-alive ping is under way
    private long _roundTripTicks = -1;

    /// <summary>How long the last ping took whose pong came, one of the keep-alive included; <see langword="null"/> before the first.</summary>
    public TimeSpan? RoundTripTime => Interlocked.Read(ref _roundTripTicks) is var ticks and >= 0 ? TimeSpan.FromTicks(ticks) : null;

    /// <summary>Sends a ping.</summary>
    /// <param name="payload">At most 125 bytes.</param>
    /// <param name="cancellationToken">Withdraws the ping as long as it was not written.</param>
    /// <exception cref="ArgumentException">The payload is longer than 125 bytes.</exception>
    /// <exception cref="InvalidOperationException">The connection is closing or closed.</exception>
    public ValueTask PingAsync(ReadOnlyMemory<byte> payload = default, CancellationToken cancellationToken = default)
        => SendControlAsync(Opcode.Ping, payload, cancellationToken);

    /// <summary>Sends a pong that nobody asked for; those asked for go out by themselves.</summary>
    /// <inheritdoc cref="PingAsync"/>
    public ValueTask PongAsync(ReadOnlyMemory<byte> payload = default, CancellationToken cancellationToken = default)
        => SendControlAsync(Opcode.Pong, payload, cancellationToken);

    /// <summary>
    /// Sends a ping with a payload of its own (8 bytes), and waits for its pong. A peer may leave pings unanswered when it answers a later one
    /// (RFC 6455, 5.5.3); then this waits until it is cancelled or the connection ends. Somebody must be reading.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>How long it took.</returns>
    /// <exception cref="InvalidOperationException">The connection is closing or closed.</exception>
    /// <exception cref="WebSocketClosedException">The connection ended before the pong came.</exception>
    public async Task<TimeSpan> MeasureRoundTripAsync(CancellationToken cancellationToken = default)
    {
        PingTimes pings = LazyInitializer.EnsureInitialized(ref _pings, () => new PingTimes(_server.TimeProvider));
        PingTimes.Pending ping = pings.Create();
        pings.Start(ping);

        try
        {
            await PingAsync(ping.Payload, cancellationToken);
            return await ping.Answer.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            pings.Forget(ping);
        }
    }

    internal async Task SendKeepAlivePingAsync()
    {
        try
        {
            Interlocked.Exchange(ref _keepAlivePingSentAt, _server.TimeProvider.GetTimestamp()); // first: the pong may be here before the flush returns
            await PingAsync();
            await _sender.WaitForDrainAsync(); // behind queued output it has not left yet
            _deadline.OnPingSent();
        }
        catch (Exception exception) when (exception is InvalidOperationException or WebSocketClosedException)
        {
            // A close came in between.
        }
    }

    private void OnPongReceived(ReadOnlySpan<byte> payload)
    {
        TimeSpan? duration = _pings?.OnPong(payload);

        // The keep-alive's pings are empty.
        if (payload.IsEmpty && Interlocked.Exchange(ref _keepAlivePingSentAt, 0) is var sentAt and not 0)
        {
            duration = _server.TimeProvider.GetElapsedTime(sentAt);
        }

        if (duration is { } measured)
        {
            Interlocked.Exchange(ref _roundTripTicks, measured.Ticks);
            Metrics.OnRoundTrip(measured);
        }
    }
}
