using Jstp.Actors.Sessions;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Connections;

// Answers that the client may not have, where they are kept (protocol page, 10.6). Its rules: what the client repeats is answered at once; what it does not
// repeat, only once the pong to a ping proves that it has repeated all that it wants to (the barrier, `_settlingPing`), and not at all if it turns out that the
// client uses its ids anew.
internal sealed partial class ConnectionActor
{
    private const int MaxUnprovenAnswers = 64;
    private const int MaxUnprovenLength = 16 * 1024;

    private AnswerLog? _answers; // null unless answers are kept
    private long _reportedCount; // what the client was told that was received; at most what really was
    private long _handledId; // of the request that was dispatched last
    private int _unprovenAnswers; // sent since the last ping
    private int _unprovenLength;

    private bool MustProveAnswers => _unprovenAnswers > MaxUnprovenAnswers || _unprovenLength > MaxUnprovenLength;

    private void KeepInMind(in JstpMessage message) => _answers!.Add(
        message.Id, message.Kind is JstpMessageKind.Call or JstpMessageKind.Inspect, _session.Generation, message.Text.Span);

    /// <summary>What the client has sent before, over an earlier connection, and sends again: it is answered, not handled.</summary>
    private LoggedRequest? FindRepeated(in JstpMessage message)
    {
        long magnitude = Math.Abs(message.Id);

        return _settlingPing != 0 && IsCounted(message.Kind) && magnitude > _reportedCount && magnitude <= _receivedCountAtOpen
            ? _answers?.FindRepeated(message.Id, message.Text.Span)
            : null;
    }

    private void AnswerRepeated(LoggedRequest request, in JstpMessage message)
    {
        request.IsRepeated = true;
        _server.Metrics.RequestRepeated();

        if (message.Kind == JstpMessageKind.Ping)
        {
            AnswerPing(message.Id);
        }
        else if (request.IsOwed)
        {
            SendKept(request);
        }

        // What still runs is answered when it ends.
    }

    private LoggedRequest? Keep(long id, int generation, ReadOnlySpan<byte> answer) =>
        _answers?.Answer(id, generation, answer);

    private void WriteAnswer(long id, ReadOnlySpan<byte> text)
    {
        LoggedRequest? request = Keep(id, _session.Generation, text);
        WriteText(text);

        if (request is not null)
        {
            OnSent(request);
        }
    }

    // Before the barrier the client may use the call's id for something else.
    private void SendWhenSettled(LoggedRequest request)
    {
        if (request.Generation == _session.Generation || request.IsRepeated || _settlingPing == 0)
        {
            SendKept(request);
        }
    }

    private void SendKept(LoggedRequest request)
    {
        WriteText(request.Answer);
        OnSent(request);
    }

    private void SendKeptAnswers()
    {
        if (_answers is null)
        {
            return;
        }

        if (_hasClientRestarted)
        {
            _server.Metrics.AnswersDropped(_answers.ForgetUnrepeated(_session.Generation));

            return;
        }

        foreach (LoggedRequest request in _answers.FindOwed(_session.Generation))
        {
            SendKept(request);
        }
    }

    private void OnSent(LoggedRequest request)
    {
        request.SentBehind = _session.LastMagnitude;
        _unprovenAnswers++;
        _unprovenLength += request.Length;
        DrawAcknowledgement();
    }

    private void OnProofAsked()
    {
        _unprovenAnswers = 0;
        _unprovenLength = 0;
    }

    private void ProveAnswersWhileIdle()
    {
        if (_unprovenAnswers > 0)
        {
            SendPing(request: null); // or the answers of a client that has nothing more to ask would be kept for ever
        }
    }
}
