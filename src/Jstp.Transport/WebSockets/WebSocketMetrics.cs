using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using System.Net.WebSockets;

namespace Jstp.Transport.WebSockets;

/// <summary>The instruments of one server.</summary>
internal sealed class WebSocketMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly UpDownCounter<long> _open;
    private readonly UpDownCounter<long> _pending;
    private readonly UpDownCounter<long> _backlog;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _closed;
    private readonly Counter<long> _received;
    private readonly Counter<long> _sent;
    private readonly Histogram<double> _roundTrips;

    public WebSocketMetrics(IMeterFactory? factory)
    {
        _meter = factory?.Create(WebSocketTelemetry.MeterName) ?? new Meter(WebSocketTelemetry.MeterName);
        _open = _meter.CreateUpDownCounter<long>("jstp.websocket.connections", "{connection}", "Connections that are open.");
        _pending = _meter.CreateUpDownCounter<long>("jstp.websocket.requests.pending", "{request}", "Requests that wait for a decision.");
        _accepted = _meter.CreateCounter<long>("jstp.websocket.requests.accepted", "{request}", "Requests that became connections.");
        _rejected = _meter.CreateCounter<long>("jstp.websocket.requests.rejected", "{request}", "Requests that became none, by HTTP status.");
        _closed = _meter.CreateCounter<long>("jstp.websocket.connections.closed", "{connection}", "Connections that ended, by close code.");
        _received = _meter.CreateCounter<long>("jstp.websocket.bytes.received", "By", "Bytes received, frame headers included, after decryption.");
        _sent = _meter.CreateCounter<long>("jstp.websocket.bytes.sent", "By", "Bytes sent, frame headers included, before encryption.");
        _backlog = _meter.CreateUpDownCounter<long>("jstp.websocket.backlog", "By", "Payload that waits behind sends under way, of all connections.");
        _roundTrips = _meter.CreateHistogram<double>("jstp.websocket.ping.duration", "s", "From the sending of a ping to its pong.");
    }

    public void OnPending(int change) => _pending.Add(change);

    public void OnAccepted()
    {
        _accepted.Add(1);
        _open.Add(1);
    }

    public void OnRejected(int status) => _rejected.Add(1, KeyValuePair.Create<string, object?>("http.response.status_code", status));

    public void OnClosed(WebSocketCloseStatus code)
    {
        _open.Add(-1);
        _closed.Add(1, KeyValuePair.Create<string, object?>("jstp.websocket.close_code", (int)code));
    }

    public void OnReceived(long length) => _received.Add(length);

    /// <summary>What was written to an output is about to be flushed.</summary>
    public void OnSent(PipeWriter output)
    {
        if (_sent.Enabled)
        {
            _sent.Add(output.UnflushedBytes);
        }
    }

    public void OnQueued(long length) => _backlog.Add(length);

    public void OnRoundTrip(TimeSpan duration) => _roundTrips.Record(duration.TotalSeconds);

    public void Dispose() => _meter.Dispose();
}
