using Jstp.Actors.Connections;

namespace Jstp.Actors.Applications;

/// <summary>What the <see cref="ApplicationsActor"/> and every <see cref="ApplicationActor"/> are told.</summary>
internal abstract record ApplicationsMessage
{
    /// <summary>A client has completed its handshake and gets its connection.</summary>
    public sealed record Admit(Admission Admission) : ApplicationsMessage;
}
