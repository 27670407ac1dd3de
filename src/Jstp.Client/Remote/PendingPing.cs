using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Remote;

/// <summary>A ping.</summary>
internal sealed class PendingPing(TimeProvider timeProvider) : PendingRequest<TimeSpan>, IPendingRequest
{
    private readonly long _since = timeProvider.GetTimestamp();

    void IPendingRequest.Complete(in JstpMessage answer, MdsfReaderOptions limits) => Succeed(timeProvider.GetElapsedTime(_since));

    protected override TimeSpan Read(ref MdsfReader reader) => timeProvider.GetElapsedTime(_since);
}
