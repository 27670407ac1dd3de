using Jstp.Transport.Mdsf;

namespace Jstp.Client.Remote;

/// <summary>A call whose results are wanted as they are.</summary>
internal sealed class PendingResults : PendingRequest<IReadOnlyList<MdsfValue>>
{
    /// <summary>Reads all results.</summary>
    public static IReadOnlyList<MdsfValue> ReadAll(ref MdsfReader reader) => MdsfValue.ReadFrom(ref reader).Elements;

    protected override IReadOnlyList<MdsfValue> Read(ref MdsfReader reader) => ReadAll(ref reader);
}
