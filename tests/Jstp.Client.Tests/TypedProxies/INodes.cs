using Jstp.Client.Remote;
using Jstp.Transport.Mdsf;

namespace Jstp.Client.Tests.TypedProxies;

/// <summary>Sends and takes nodes.</summary>
[JstpProxy("depot")]
internal partial interface INodes
{
    [JstpName("value")]
    Task<Node> ReadAsync(MdsfValue value);

    [JstpName("text")]
    Task<string> WriteAsync(Node node);
}
