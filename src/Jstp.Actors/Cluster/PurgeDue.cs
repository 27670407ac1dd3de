namespace Jstp.Actors.Cluster;

/// <summary>Tells the <see cref="PurgeActor"/> that it is time to look for sessions to delete.</summary>
internal sealed record PurgeDue
{
    public static PurgeDue Instance { get; } = new();
}
