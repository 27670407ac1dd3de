using Jstp.Actors.Sessions;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Connections;

/// <summary>Gives the answers of clients to whoever waits for them (protocol page, section 6, "Receiving a callback").</summary>
internal static class JstpAnswers
{
    public static void Complete(PendingRequest request, in JstpMessage callback)
    {
        switch (callback.Answer)
        {
            case JstpAnswer.Ok when callback.HasArguments:
                request.Complete(MdsfValue.Parse(callback.Value.Span).Elements);
                break;
            case JstpAnswer.Error:
                request.Fail(JstpError.Read(callback.Value.Span).ToException());
                break;
            default:
                request.Fail(new JstpException(JstpErrorCode.InternalApiError));
                break;
        }
    }
}
