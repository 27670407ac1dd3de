using Jstp.Client.Remote;

namespace PackageConsumer;

/// <summary>What the server serves, for the generator that the client's package brings along.</summary>
[JstpProxy]
internal partial interface IGreeter
{
    Task<string> HelloAsync(string name);
}
