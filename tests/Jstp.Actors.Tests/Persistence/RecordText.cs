using System.Text;
using Jstp.Actors.Persistence;
using Jstp.Actors.Sessions;

namespace Jstp.Actors.Tests.Persistence;

/// <summary>Texts of what stores return, so that they can be compared by content.</summary>
internal static class RecordText
{
    public static string Of(SessionTakeResult result) => $"{result.Id}: {(result.Record is { } record ? Of(record) : $"owner {result.Owner}")}";

    public static string Of(SessionRecord record) =>
        $"{record.Key}@{record.Epoch} {record.Id} {record.Application} {record.UserName ?? "-"} {record.Counts} forced {record.WasForced}"
        + $" data [{string.Join(", ", record.Data.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => $"{pair.Key}={pair.Value}"))}]"
        + $" messages [{string.Join(", ", record.Messages.Select(Of))}]"
        + $" requests [{string.Join(", ", record.OpenRequests.Select(static request => $"{request.Id} {request.IsCall} {Of(request.Text)}"))}]"
        + $" answers [{Of(record.KeptAnswers)}]"
        + $" posts [{string.Join(", ", record.Posts.Select(Of))}]";

    public static string Of(OutgoingMessage message) => $"{message.Kind} {message.Magnitude} {Of(message.Tail)}";

    public static string Of(StoredPost post) => $"{post.Key}#{post.Ordinal} {Of(post.Tail)}";

    private static string Of(ReadOnlyMemory<byte> text) => Encoding.UTF8.GetString(text.Span);
}
