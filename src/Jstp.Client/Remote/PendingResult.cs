using Jstp.Transport.Mdsf;

namespace Jstp.Client.Remote;

/// <summary>A call whose first result is wanted as a type; no result counts as undefined.</summary>
internal sealed class PendingResult<T>(MdsfConverter<T> converter) : PendingRequest<T>
{
    protected override T Read(ref MdsfReader reader) => JstpValue.ReadNext(ref reader, converter);
}
