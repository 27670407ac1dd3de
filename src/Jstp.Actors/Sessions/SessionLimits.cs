using Jstp.Actors.Connections;
using Jstp.Actors.Hosting;

namespace Jstp.Actors.Sessions;

/// <summary>Adds messages to a session within its bounds (protocol page, section 15).</summary>
internal static class SessionLimits
{
    /// <summary>Gives a message its id and keeps it, unless the session holds too much already.</summary>
    /// <remarks>Whoever waits for the answer of a message that is not kept has been told so.</remarks>
    public static AppendOutcome Append(Session session, OutboxItem.Send send, JstpServerOptions options, out OutgoingMessage message)
    {
        message = default;

        if (session.Buffer.Count >= options.MaxUnacknowledgedMessages || session.Buffer.Length >= options.MaxUnacknowledgedBytes)
        {
            Refuse(send);

            return AppendOutcome.BufferFull;
        }

        if (send.Request is not null && session.Requests.Count >= options.MaxPendingCalls)
        {
            send.Request.Fail(new InvalidOperationException($"{session.Requests.Count} calls to this client wait for an answer already."));

            return AppendOutcome.CallRefused;
        }

        message = session.Append(send.Kind, send.Tail, send.IsPost, send.IsShared);

        if (send.Request is not null)
        {
            session.Requests.Add(message.Magnitude, send.Request);
        }

        return AppendOutcome.Appended;
    }

    /// <summary>Tells whoever waits for the answer of a message that it is not kept.</summary>
    public static void Refuse(OutboxItem.Send send) =>
        send.Request?.Fail(new InvalidOperationException("The client has left too many messages unacknowledged."));
}
