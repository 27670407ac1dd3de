using System.Diagnostics.Metrics;

namespace Jstp.Actors.Hosting;

/// <summary>The instruments of one server. Their meter is called <c>Jstp.Server</c>; every measurement bears the node's name.</summary>
internal sealed class JstpMetrics : IDisposable
{
    public const string MeterName = "Jstp.Server";

    private readonly Meter _meter;
    private readonly Counter<long> _calls;
    private readonly Counter<long> _handshakeTimeouts;
    private readonly Counter<long> _connectionsRefused;
    private readonly Counter<long> _answersDropped;
    private readonly Counter<long> _sendsRefused;
    private readonly Counter<long> _storeFailures;

    public JstpMetrics(string node, Func<int> connections)
    {
        _meter = new Meter(MeterName, version: null, tags: [KeyValuePair.Create<string, object?>("jstp.node", node)]);
        _calls = _meter.CreateCounter<long>("jstp.server.calls", "{call}", "Calls of clients that were dispatched to a method.");
        _handshakeTimeouts = _meter.CreateCounter<long>("jstp.server.handshake_timeouts", "{connection}", "Connections closed before they completed a handshake.");
        _connectionsRefused = _meter.CreateCounter<long>("jstp.server.connections_refused", "{connection}", "Connections refused for a limit of connections.");
        _answersDropped = _meter.CreateCounter<long>("jstp.server.answers_dropped", "{call}", "Answers that could not be delivered: the client gave the call up, or its connection ended.");
        _sendsRefused = _meter.CreateCounter<long>("jstp.server.sends_refused", "{message}", "Events and calls for clients that were not kept: a limit was reached, or the session was over.");
        _storeFailures = _meter.CreateCounter<long>("jstp.server.store_failures", "{operation}", "Sessions that the session storage failed to store or delete.");
        _meter.CreateObservableUpDownCounter("jstp.server.connections", connections, "{connection}", "Clients with a completed handshake.");
    }

    public void CallReceived() => _calls.Add(1);

    public void HandshakeTimedOut() => _handshakeTimeouts.Add(1);

    public void ConnectionRefused() => _connectionsRefused.Add(1);

    public void AnswerDropped() => _answersDropped.Add(1);

    public void SendRefused() => _sendsRefused.Add(1);

    public void StoreFailed() => _storeFailures.Add(1);

    public void Dispose() => _meter.Dispose();
}
