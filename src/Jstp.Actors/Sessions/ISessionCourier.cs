namespace Jstp.Actors.Sessions;

/// <summary>Tells other nodes what concerns their sessions. What it says may be lost; the store has what must not be.</summary>
internal interface ISessionCourier
{
    /// <summary>Asks a node to let go of a session.</summary>
    void AskForHandOver(int node, string sessionId);

    /// <summary>Tells a node that the session it asked for is free.</summary>
    void TellReleased(int node, string sessionId);

    /// <summary>Tells the owner of a session that an event was left for it.</summary>
    void TellPosted(int node, long key);
}
