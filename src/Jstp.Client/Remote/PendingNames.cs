using Jstp.Transport.Mdsf;

namespace Jstp.Client.Remote;

/// <summary>An inspect. What is no text among its results is no name.</summary>
internal sealed class PendingNames : PendingRequest<IReadOnlyList<string>>
{
    protected override IReadOnlyList<string> Read(ref MdsfReader reader) =>
        [.. PendingResults.ReadAll(ref reader).Where(static name => name.Kind == MdsfValueKind.String).Select(static name => name.AsString())];
}
