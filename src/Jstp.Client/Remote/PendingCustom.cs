using Jstp.Transport.Mdsf;

namespace Jstp.Client.Remote;

/// <summary>A call whose results the caller reads itself.</summary>
internal sealed class PendingCustom<T>(JstpResultsReader<T> read) : PendingRequest<T>
{
    protected override T Read(ref MdsfReader reader) => read(ref reader);
}
