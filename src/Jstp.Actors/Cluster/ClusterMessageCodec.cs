using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Jstp.Actors.Cluster;

/// <summary>Turns messages between nodes into the text that the bus carries, several into one, and back.</summary>
internal static class ClusterMessageCodec
{
    private const string HandOver = "handOver";
    private const string Released = "released";
    private const string Posted = "posted";
    private const string Broadcast = "broadcast";
    private const string DisconnectUser = "disconnectUser";
    private const string DisconnectSession = "disconnectSession";
    private const string NodesChanged = "nodesChanged";

    /// <summary>Writes messages in their order: UTF-8 without zero bytes.</summary>
    public static byte[] Encode(IEnumerable<ClusterMessage> messages) =>
        JsonSerializer.SerializeToUtf8Bytes([.. messages.Select(ToForm)], ClusterJsonContext.Compact.ClusterMessageFormArray);

    /// <summary>Reads messages.</summary>
    /// <param name="text">What the bus has brought; may be anything.</param>
    /// <param name="ignoredCount">How many messages are of a kind that this version does not know, or lack what their kind needs.</param>
    /// <returns>The others, in their order; null if the text is none that a node writes.</returns>
    public static IReadOnlyList<ClusterMessage>? Decode(ReadOnlySpan<byte> text, out int ignoredCount)
    {
        ignoredCount = 0;
        ClusterMessageForm?[]? forms;

        try
        {
            forms = JsonSerializer.Deserialize(text, ClusterJsonContext.Compact.ClusterMessageFormArray);
        }
        catch (JsonException)
        {
            return null;
        }

        if (forms is null)
        {
            return null;
        }

        ClusterMessage[] messages = [.. forms.Select(form => form is null ? null : FromForm(form)).OfType<ClusterMessage>()];
        ignoredCount = forms.Length - messages.Length;

        return messages;
    }

    private static ClusterMessageForm ToForm(ClusterMessage message) => message switch
    {
        ClusterMessage.HandOver handOver => new ClusterMessageForm { Kind = HandOver, SessionIds = [.. handOver.SessionIds] },
        ClusterMessage.Released released => new ClusterMessageForm { Kind = Released, SessionIds = [.. released.SessionIds] },
        ClusterMessage.Posted posted => new ClusterMessageForm { Kind = Posted, SessionKeys = [.. posted.SessionKeys] },
        ClusterMessage.Broadcast broadcast => new ClusterMessageForm
        {
            Kind = Broadcast,
            Application = broadcast.Application,
            Tail = Encoding.UTF8.GetString(broadcast.Tail.Span), // which it is, as the writer of MDSF writes nothing else
        },
        ClusterMessage.DisconnectUser user => new ClusterMessageForm { Kind = DisconnectUser, Application = user.Application, UserName = user.UserName },
        ClusterMessage.DisconnectSession session => new ClusterMessageForm { Kind = DisconnectSession, SessionIds = [session.SessionId] },
        ClusterMessage.NodesChanged => new ClusterMessageForm { Kind = NodesChanged },
        _ => throw new UnreachableException($"{message.GetType().Name} has no form."),
    };

    private static ClusterMessage? FromForm(ClusterMessageForm form) => form switch
    {
        { Kind: HandOver } when Ids(form) is { } ids => new ClusterMessage.HandOver(ids),
        { Kind: Released } when Ids(form) is { } ids => new ClusterMessage.Released(ids),
        { Kind: Posted, SessionKeys: { } keys } => new ClusterMessage.Posted(keys),
        { Kind: Broadcast, Tail: { } tail } => new ClusterMessage.Broadcast(form.Application, Encoding.UTF8.GetBytes(tail)),
        { Kind: DisconnectUser, UserName: { } userName } => new ClusterMessage.DisconnectUser(form.Application, userName),
        { Kind: DisconnectSession } when Ids(form) is [var id] => new ClusterMessage.DisconnectSession(id),
        { Kind: NodesChanged } => ClusterMessage.NodesChanged.Instance,
        _ => null,
    };

    private static string[]? Ids(ClusterMessageForm form) =>
        form.SessionIds is { } ids && !ids.Contains(null) ? (string[])ids! : null;
}
