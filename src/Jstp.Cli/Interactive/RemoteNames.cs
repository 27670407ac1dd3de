using System.Collections.Concurrent;
using Jstp.Client;
using Jstp.Transport.Protocol;

namespace Jstp.Cli.Interactive;

/// <summary>The names of the server that are known so far: servers do not list their interfaces, but tell the methods of each.</summary>
/// <param name="inspect">Asks the server for the methods of an interface.</param>
internal sealed class RemoteNames(Func<string, CancellationToken, Task<IReadOnlyList<string>>> inspect)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>?> _methods = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Interface, string Event), byte> _events = new();

    /// <summary>Every interface that was named or inspected, or has sent an event.</summary>
    public IEnumerable<string> Interfaces => _methods.Keys.Concat(_events.Keys.Select(static key => key.Interface)).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Somebody has named an interface, which may not exist.</summary>
    public void AddInterface(string interfaceName) => _methods.TryAdd(interfaceName, null);

    /// <summary>The server has told the methods of an interface.</summary>
    public void AddMethods(string interfaceName, IReadOnlyList<string> methods) => _methods[interfaceName] = methods;

    /// <summary>An event has come.</summary>
    public void AddEvent(string interfaceName, string eventName) => _events.TryAdd((interfaceName, eventName), 0);

    /// <summary>The events of an interface that have come so far.</summary>
    public IEnumerable<string> EventsOf(string interfaceName) =>
        _events.Keys.Where(key => key.Interface == interfaceName).Select(static key => key.Event).Order(StringComparer.Ordinal);

    /// <summary>The methods of an interface, which the server is asked for the first time.</summary>
    /// <returns>None if there is no such interface, or nobody answers.</returns>
    public async Task<IReadOnlyList<string>> MethodsOfAsync(string interfaceName, CancellationToken cancellationToken)
    {
        if (_methods.TryGetValue(interfaceName, out IReadOnlyList<string>? known) && known is not null)
        {
            return known;
        }

        try
        {
            IReadOnlyList<string> methods = await inspect(interfaceName, cancellationToken);
            AddMethods(interfaceName, methods);

            return methods;
        }
        catch (Exception exception) when (exception is JstpException or TimeoutException or InvalidOperationException or JstpConnectionClosedException)
        {
            return []; // whoever calls it is told why
        }
    }
}
