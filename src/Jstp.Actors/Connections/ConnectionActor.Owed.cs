using Jstp.Actors.Persistence;

namespace Jstp.Actors.Connections;

// Requests that a node which is gone has received and not answered (protocol page, 10.5). Their ids may be in use again: a reference client that
// reconnects begins with its first ids anew. So nothing is answered before a pong proves that all it had to send has come (10.6, rules 2 and 3).
internal sealed partial class ConnectionActor
{
    private long _settlingPing; // magnitude of the ping whose pong is waited for, 0 for none
    private bool _hasClientRestarted;

    private void AskBeforeSettling()
    {
        if (_session.OpenRequests.Owed.Count > 0 || _answers is { IsEmpty: false })
        {
            SendPing(request: null);
            _settlingPing = _session.LastMagnitude;
        }
    }

    private void SettleAfter(long magnitude)
    {
        if (_settlingPing == 0 || magnitude < _settlingPing)
        {
            return;
        }

        _settlingPing = 0;
        SendKeptAnswers();

        foreach (OpenRequest request in _session.OpenRequests.TakeOwed())
        {
            Settle(request);
        }
    }

    private void Settle(OpenRequest request)
    {
        bool isRenewed = _answers?.Renew(request.Id, _session.Generation) ?? false;

        if (_hasClientRestarted && !isRenewed)
        {
            _server.Metrics.AnswerDropped(); // it has forgotten what it asked, and may be waiting for something else under this id
        }
        else if (request.Text.Length > 0)
        {
            _session.OpenRequests.Add(request);
            HandleLate(request.Text);
        }
        else if (request.IsCall)
        {
            AnswerError(request.Id, Jstp.Transport.Protocol.JstpErrorCode.CallbackLost);
        }
        else
        {
            _server.Metrics.EventUncertain();
            LogEventUncertain(_connection.Id);
        }
    }
}
