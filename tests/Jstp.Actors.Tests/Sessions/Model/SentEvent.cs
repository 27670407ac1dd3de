namespace Jstp.Actors.Tests.Sessions.Model;

/// <summary>An event, or a call, that the application has sent to the client.</summary>
internal sealed class SentEvent
{
    /// <summary>Rises with every event.</summary>
    public required int Number { get; init; }

    /// <summary>Whether it was left in the store for the session, rather than sent by its owner. Both kinds have an order of their own.</summary>
    public required bool IsPost { get; init; }

    /// <summary>Whether the node that sent it could not reach the store: nobody knows what becomes of it, but it must not arrive twice.</summary>
    public required bool IsRisky { get; init; }

    /// <summary>The answer, of a call. One that has failed before the client had the call may have been given up.</summary>
    public Task? Answer { get; set; }

    /// <summary>Whether the store has it, as far as the durability promises that; then it arrives.</summary>
    public bool IsSafe { get; set; }

    /// <summary>Whether its node has lost the session before it was safe.</summary>
    public bool IsLost { get; set; }

    /// <summary>Whether the client has claimed, or proved, to have it, and then forgot it.</summary>
    public bool IsForgotten { get; set; }
}
