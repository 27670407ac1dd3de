namespace Jstp.Actors.Persistence;

/// <summary>A member of a cluster.</summary>
/// <param name="Number">Its number, which no other node ever had.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">What it is doing.</param>
/// <param name="JoinedAt">When it joined, by the store's clock.</param>
public sealed record NodeInfo(int Number, string Name, NodeState State, DateTimeOffset JoinedAt);
