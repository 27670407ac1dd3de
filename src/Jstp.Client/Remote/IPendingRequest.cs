using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Remote;

/// <summary>Waits for the answer of a call, an inspect or a ping. The first outcome counts, neither method throws.</summary>
internal interface IPendingRequest
{
    /// <summary>The id of its message.</summary>
    long Id { get; set; }

    /// <summary>The answer has come: a callback, or the pong of a ping.</summary>
    void Complete(in JstpMessage answer, MdsfReaderOptions limits);

    /// <summary>There will be no answer.</summary>
    void Fail(Exception error);
}
