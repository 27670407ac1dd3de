using System.Reflection;
using Jstp.Actors.Applications.Dispatch;
using Jstp.Transport.Mdsf;
using Microsoft.Extensions.DependencyInjection;

namespace Jstp.Actors.Applications;

/// <summary>What was declared for one interface, until the services are known that its classes need.</summary>
internal sealed class InterfaceBuilder(string name)
{
    private readonly List<Action<IServiceProvider, MethodCompiler>> _declarations = [];
    private readonly List<JstpMethod> _methods = [];
    private readonly List<JstpMethod> _eventHandlers = [];

    public string Name { get; } = name;

    public void AddMethod(string methodName, Delegate method) =>
        _declarations.Add((_, compiler) => Add(_methods, "a method", methodName, key => compiler.Compile(key, method)));

    public void AddEventHandler(string eventName, Delegate handler) =>
        _declarations.Add((_, compiler) => Add(_eventHandlers, "an event", eventName, key => compiler.Compile(key, handler)));

    public void AddInstance(object instance) =>
        _declarations.Add((_, compiler) => AddMembers(instance.GetType(), new InstanceTarget(instance), compiler));

    public void AddClass(Type type, ServiceLifetime lifetime) =>
        _declarations.Add((services, compiler) => AddMembers(type, Target(type, lifetime, services), compiler));

    public JstpInterface Build(IServiceProvider services, MdsfSerializer serializer)
    {
        var compiler = new MethodCompiler(serializer);

        foreach (Action<IServiceProvider, MethodCompiler> declare in _declarations)
        {
            declare(services, compiler);
        }

        return new JstpInterface(Name, _methods, _eventHandlers);
    }

    private static TargetSource Target(Type type, ServiceLifetime lifetime, IServiceProvider services) =>
        lifetime == ServiceLifetime.Singleton
            ? new InstanceTarget(ActivatorUtilities.GetServiceOrCreateInstance(services, type))
            : new ScopedTarget(services, type);

    private void AddMembers(Type type, TargetSource target, MethodCompiler compiler)
    {
        foreach (MethodInfo method in ServedMethods(type))
        {
            if (method.GetCustomAttribute<JstpEventAttribute>() is { } attribute)
            {
                Add(_eventHandlers, "an event", JstpNaming.EventName(method, attribute), key => compiler.Compile(key, method, target));
            }
            else
            {
                Add(_methods, "a method", JstpNaming.MethodName(method), key => compiler.Compile(key, method, target));
            }
        }
    }

    // In the order of declaration, which is the order that inspect answers in.
    private static IEnumerable<MethodInfo> ServedMethods(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Where(method => method.DeclaringType != typeof(object)
                && method.GetBaseDefinition().DeclaringType != typeof(object)
                && !method.IsSpecialName
                && !method.IsGenericMethodDefinition
                && method.Name is not (nameof(IDisposable.Dispose) or nameof(IAsyncDisposable.DisposeAsync))
                && !method.IsDefined(typeof(JstpIgnoreAttribute)))
            .OrderBy(method => method.MetadataToken);

    private void Add(List<JstpMethod> members, string kind, string memberName, Func<string, JstpMethod> compile)
    {
        JstpNaming.ThrowIfUnusable(memberName, kind);

        if (members.Exists(member => member.Name == memberName))
        {
            throw new ArgumentException($"The interface '{Name}' has two of '{memberName}': rename one with an attribute.");
        }

        members.Add(compile(memberName));
    }
}
