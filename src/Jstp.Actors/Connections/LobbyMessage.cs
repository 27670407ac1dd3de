namespace Jstp.Actors.Connections;

/// <summary>What the <see cref="LobbyActor"/> is told.</summary>
internal abstract record LobbyMessage
{
    /// <summary>A transport is ready for its first message.</summary>
    public sealed record Arrived(MessageChannel Channel) : LobbyMessage;
}
