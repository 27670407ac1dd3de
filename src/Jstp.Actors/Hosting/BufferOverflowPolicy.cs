namespace Jstp.Actors.Hosting;

/// <summary>What happens when a client leaves more messages unacknowledged than a session may hold.</summary>
public enum BufferOverflowPolicy
{
    /// <summary>The connection is closed; a session that passes the bound while its client is away ends. Nothing that was accepted is ever left out in silence.</summary>
    EndConnection,

    /// <summary>The new message is refused: <c>Emit</c> of another thread cannot tell, so refusals are counted and logged, and calls fail.</summary>
    RefuseNewest,
}
