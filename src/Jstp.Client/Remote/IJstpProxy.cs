namespace Jstp.Client.Remote;

/// <summary>
/// What the generator adds to an interface with <see cref="JstpProxyAttribute"/>, so that <see cref="Connections.JstpClientConnection.GetProxy{T}()"/> finds the proxy by
/// its type alone, without reflection.
/// </summary>
/// <typeparam name="T">The interface itself.</typeparam>
public interface IJstpProxy<T>
    where T : class, IJstpProxy<T>
{
    /// <summary>The name of the interface as the server spells it.</summary>
    static abstract string InterfaceName { get; }

    /// <summary>Makes a proxy.</summary>
    /// <param name="remote">The interface of the server that it speaks to.</param>
    static abstract T CreateProxy(JstpRemoteProxy remote);
}
