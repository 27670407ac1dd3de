using System.Diagnostics.CodeAnalysis;
using Jstp.Actors.Applications.Dispatch;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Applications;

/// <summary>The methods and event handlers of one name. Nothing but what was declared can be reached (protocol page, D10).</summary>
internal sealed class JstpInterface(string name, IReadOnlyList<JstpMethod> methods, IReadOnlyList<JstpMethod> eventHandlers)
{
    private readonly Utf8NameTable<JstpMethod> _methods = new(methods.Select(method => KeyValuePair.Create(method.Name, method)));

    private readonly Utf8NameTable<JstpMethod> _eventHandlers = new(eventHandlers.Select(handler => KeyValuePair.Create(handler.Name, handler)));

    public string Name { get; } = name;

    /// <summary>What inspect answers, in the order of declaration.</summary>
    public IReadOnlyList<string> MethodNames { get; } = [.. methods.Select(method => method.Name)];

    public bool TryGetMethod(JstpName name, [NotNullWhen(true)] out JstpMethod? method) => _methods.TryGetValue(name, out method);

    public bool TryGetEventHandler(JstpName name, [NotNullWhen(true)] out JstpMethod? handler) => _eventHandlers.TryGetValue(name, out handler);
}
