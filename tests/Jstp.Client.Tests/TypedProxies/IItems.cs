using Jstp.Client.Remote;
using Jstp.Transport.Mdsf;

namespace Jstp.Client.Tests.TypedProxies;

/// <summary>Sends and takes items.</summary>
[JstpProxy("depot")]
internal partial interface IItems
{
    [JstpName("value")]
    Task<Item> ReadAsync(MdsfValue value);

    [JstpName("text")]
    Task<string> WriteAsync(Item item);
}
