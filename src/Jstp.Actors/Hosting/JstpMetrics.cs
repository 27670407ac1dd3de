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
    private readonly Counter<long> _answersGivenUp;
    private readonly Counter<long> _requestsRepeated;
    private readonly Counter<long> _sendsRefused;
    private readonly Counter<long> _storeFailures;
    private readonly Counter<long> _sessionsTaken;
    private readonly Counter<long> _sessionsLost;
    private readonly Counter<long> _messagesLost;
    private readonly Counter<long> _eventsUncertain;
    private readonly Histogram<int> _journalSessions;
    private readonly Histogram<double> _journalDuration;

    public JstpMetrics(string node, Func<int> connections)
    {
        _meter = new Meter(MeterName, version: null, tags: [KeyValuePair.Create<string, object?>("jstp.node", node)]);
        _calls = _meter.CreateCounter<long>("jstp.server.calls", "{call}", "Calls of clients that were dispatched to a method.");
        _handshakeTimeouts = _meter.CreateCounter<long>("jstp.server.handshake_timeouts", "{connection}", "Connections closed before they completed a handshake.");
        _connectionsRefused = _meter.CreateCounter<long>("jstp.server.connections_refused", "{connection}", "Connections refused for a limit of connections.");
        _answersDropped = _meter.CreateCounter<long>("jstp.server.answers_dropped", "{call}", "Answers that could not be delivered: the client gave the call up, or its connection ended.");
        _answersGivenUp = _meter.CreateCounter<long>("jstp.server.answers_given_up", "{session}", "How often the answers kept for a session became too many: its client did not show that it had them.");
        _requestsRepeated = _meter.CreateCounter<long>("jstp.server.requests_repeated", "{message}", "Messages that clients sent again after a reconnect, and that were not handled again.");
        _sendsRefused = _meter.CreateCounter<long>("jstp.server.sends_refused", "{message}", "Events and calls for clients that were not kept: a limit was reached, or the session was over.");
        _storeFailures = _meter.CreateCounter<long>("jstp.server.store_failures", "{operation}", "Sessions that the session storage failed to store or delete.");
        _sessionsTaken = _meter.CreateCounter<long>("jstp.server.sessions_taken", "{session}", "Sessions that were read from the store; by force where their owner had died or did not let go.");
        _sessionsLost = _meter.CreateCounter<long>("jstp.server.sessions_lost", "{session}", "Sessions that another node had taken before this one knew.");
        _messagesLost = _meter.CreateCounter<long>("jstp.server.messages_lost", "{message}", "Messages for clients that were given up: their session was over, or another node's, or too many waited for the store.");
        _eventsUncertain = _meter.CreateCounter<long>("jstp.server.events_uncertain", "{event}", "Events of clients that a node had received when it died, and of which nobody knows whether it had handled them.");
        _journalSessions = _meter.CreateHistogram<int>("jstp.server.journal.sessions", "{session}", "Sessions whose changes were in one write to the store.");
        _journalDuration = _meter.CreateHistogram<double>("jstp.server.journal.duration", "s", "How long a write to the store took.");
        _meter.CreateObservableUpDownCounter("jstp.server.connections", connections, "{connection}", "Clients with a completed handshake.");
    }

    public void CallReceived() => _calls.Add(1);

    public void HandshakeTimedOut() => _handshakeTimeouts.Add(1);

    public void ConnectionRefused() => _connectionsRefused.Add(1);

    public void AnswerDropped() => AnswersDropped(1);

    public void AnswersDropped(int count) => _answersDropped.Add(count);

    public void AnswersGivenUp() => _answersGivenUp.Add(1);

    public void RequestRepeated() => _requestsRepeated.Add(1);

    public void SendRefused() => _sendsRefused.Add(1);

    public void StoreFailed() => _storeFailures.Add(1);

    public void SessionTaken(bool isForced) => _sessionsTaken.Add(1, KeyValuePair.Create<string, object?>("jstp.forced", isForced));

    public void SessionLost() => _sessionsLost.Add(1);

    public void EventUncertain() => _eventsUncertain.Add(1);

    public void MessagesLost(int count) => _messagesLost.Add(count);

    public void JournalWritten(int sessions, TimeSpan duration)
    {
        _journalSessions.Record(sessions);
        _journalDuration.Record(duration.TotalSeconds);
    }

    public void Dispose() => _meter.Dispose();
}
