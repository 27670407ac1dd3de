namespace Jstp.Actors.Connections;

/// <summary>What a <see cref="HandshakeActor"/> is told.</summary>
internal abstract record HandshakeMessage
{
    /// <summary>The read that was pending has completed.</summary>
    public sealed record InputReady : HandshakeMessage
    {
        public static InputReady Instance { get; } = new();
    }

    /// <summary>Authenticator and sessions have decided.</summary>
    public sealed record Decided(HandshakeOutcome Outcome) : HandshakeMessage;

    /// <summary>The time for the handshake is over.</summary>
    public sealed record TimedOut : HandshakeMessage
    {
        public static TimedOut Instance { get; } = new();
    }
}
