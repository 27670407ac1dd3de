using Jstp.Actors.Sessions;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Connections;

/// <summary>Gives the answers of clients to whoever waits for them (protocol page, section 6, "Receiving a callback").</summary>
internal static class JstpAnswers
{
    /// <param name="request">Waits for the answer.</param>
    /// <param name="callback">The answer.</param>
    /// <param name="limits">The limits that it was accepted with.</param>
    public static void Complete(PendingRequest request, in JstpMessage callback, MdsfReaderOptions limits)
    {
        switch (callback.Answer)
        {
            case JstpAnswer.Ok when callback.HasArguments:
                request.Complete(MdsfValue.Parse(callback.Value.Span, limits).Elements);
                break;
            case JstpAnswer.Error:
                request.Fail(JstpError.Read(callback.Value.Span, limits).ToException());
                break;
            default:
                request.Fail(new JstpException(JstpErrorCode.InternalApiError));
                break;
        }
    }
}
