namespace Jstp.Actors.Cluster;

/// <summary>
/// What is to be said to other nodes, collected so that one text carries it: messages of the same kind in a row become one. For one target the order stays.
/// </summary>
internal sealed class OutgoingMessages
{
    private readonly Dictionary<Target, List<ClusterMessage>> _messages = [];

    public bool IsEmpty => _messages.Count == 0;

    /// <summary>Adds a message.</summary>
    /// <param name="node">The number of the node that is to get it; null for all others.</param>
    /// <param name="message">The message.</param>
    public void Add(int? node, ClusterMessage message)
    {
        var target = new Target(node);

        if (_messages.TryGetValue(target, out List<ClusterMessage>? messages))
        {
            messages.Add(message);
        }
        else
        {
            _messages.Add(target, [message]);
        }
    }

    /// <summary>Takes everything out.</summary>
    public IReadOnlyList<(int? Node, IReadOnlyList<ClusterMessage> Messages)> TakeAll()
    {
        (int? Node, IReadOnlyList<ClusterMessage> Messages)[] taken = [.. _messages.Select(entry => (entry.Key.Node, Merge(entry.Value)))];
        _messages.Clear();

        return taken;
    }

    private static List<ClusterMessage> Merge(List<ClusterMessage> messages)
    {
        List<ClusterMessage> merged = [];

        for (int start = 0; start < messages.Count;)
        {
            Type kind = messages[start].GetType();
            int end = messages.FindIndex(start, message => message.GetType() != kind) is var next and >= 0 ? next : messages.Count;
            merged.AddRange(MergeRun(messages[start..end]));
            start = end;
        }

        return merged;
    }

    private static List<ClusterMessage> MergeRun(List<ClusterMessage> run) => run[0] switch
    {
        ClusterMessage.HandOver => [new ClusterMessage.HandOver([.. run.Cast<ClusterMessage.HandOver>().SelectMany(message => message.SessionIds)])],
        ClusterMessage.Released => [new ClusterMessage.Released([.. run.Cast<ClusterMessage.Released>().SelectMany(message => message.SessionIds)])],
        ClusterMessage.Posted => [new ClusterMessage.Posted([.. run.Cast<ClusterMessage.Posted>().SelectMany(message => message.SessionKeys).Distinct()])],
        ClusterMessage.NodesChanged => [run[0]],
        _ => run,
    };

    private readonly record struct Target(int? Node);
}
