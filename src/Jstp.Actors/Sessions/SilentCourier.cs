namespace Jstp.Actors.Sessions;

/// <summary>Tells nobody, as there is nobody else.</summary>
internal sealed class SilentCourier : ISessionCourier
{
    public void AskForHandOver(int node, string sessionId)
    {
        // Whoever asked takes by force when the time is over.
    }

    public void TellReleased(int node, string sessionId)
    {
        // See above.
    }

    public void TellPosted(int node, long key)
    {
        // The event is in the store, and is found when the session is taken next.
    }
}
