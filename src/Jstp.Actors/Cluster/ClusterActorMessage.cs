using Jstp.Actors.Persistence;

namespace Jstp.Actors.Cluster;

/// <summary>What the <see cref="ClusterActor"/> is told.</summary>
internal abstract record ClusterActorMessage
{
    /// <summary>The server has become a node.</summary>
    public sealed record Joined(INodeMembership Membership) : ClusterActorMessage;

    /// <summary>Something is to be said to one node, or to all others.</summary>
    /// <param name="Node">The number of the node, which may be this one; null for all others.</param>
    /// <param name="Message">What.</param>
    public sealed record Say(int? Node, ClusterMessage Message) : ClusterActorMessage;

    /// <summary>Whatever was to be said when this was told has been collected.</summary>
    public sealed record Publish : ClusterActorMessage
    {
        public static Publish Instance { get; } = new();
    }

    /// <summary>Another node has said something.</summary>
    public sealed record Heard(BusMessage Message) : ClusterActorMessage;

    /// <summary>Other nodes may have said something that did not arrive.</summary>
    public sealed record Missed : ClusterActorMessage
    {
        public static Missed Instance { get; } = new();
    }

    /// <summary>The store could not be reached, or can be reached again.</summary>
    public sealed record CutOff(bool IsCutOff) : ClusterActorMessage;
}
