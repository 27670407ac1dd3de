using System.Diagnostics.CodeAnalysis;
using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Transport.Mdsf;

namespace Jstp.Samples.Conformance;

/// <summary>Sends events and answers one.</summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Methods of an interface class are instance methods.")]
public sealed class EventsInterface
{
    private const string Name = "events";

    public void EmitBack(JstpConnection connection, string name, MdsfValue[] args) => connection.Emit(Name, name, args);

    public int Burst(JstpConnection connection, int n)
    {
        for (int i = 0; i < n; i++)
        {
            connection.Emit(Name, "tick", i);
        }

        return n;
    }

    public int BurstLater(JstpConnection connection, int n, double ms)
    {
        _ = BurstAfterAsync(connection, n, TimeSpan.FromMilliseconds(ms));

        return n;
    }

    public void Broadcast(JstpConnection connection, string name, MdsfValue[] args) =>
        connection.Server.BroadcastTo(connection.Application.Name, Name, name, args);

    [JstpEvent]
    public void OnPing(JstpConnection connection, MdsfValue x) => connection.Emit(Name, "pong", x);

    private async Task BurstAfterAsync(JstpConnection connection, int n, TimeSpan delay)
    {
        try
        {
            // Never in the turn of the call, whose answer goes first.
            await Task.Delay(delay, connection.SessionEnded).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            Burst(connection, n);
        }
        catch (OperationCanceledException)
        {
            // The session is over; nobody can get the events.
        }
        catch (JstpSessionEndedException)
        {
            // Likewise, in the middle of the burst.
        }
    }
}
