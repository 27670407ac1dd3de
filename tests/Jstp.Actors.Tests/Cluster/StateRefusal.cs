using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Jstp.Actors.Persistence;

namespace Jstp.Actors.Tests.Cluster;

/// <summary>A session store, or a membership got from it, that refuses the first state which it is told, and else does what the one behind it does.</summary>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "The runtime derives the proxy from it.")]
internal class StateRefusal : DispatchProxy
{
    private object _inner = null!; // set at once; the runtime makes the proxy without arguments
    private int _refusedCount;

    public static ISessionStore Of(ISessionStore inner) => Of<ISessionStore>(inner);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        nameof(ISessionStore.JoinAsync) => JoinAsync((Task<INodeMembership>)targetMethod.Invoke(_inner, args)!),
        nameof(INodeMembership.SetStateAsync) when _refusedCount++ == 0 => Task.FromException(new SessionStoreException("The test refuses the state.")),
        _ => targetMethod.Invoke(_inner, args),
    };

    private static T Of<T>(T inner)
        where T : class
    {
        T proxy = Create<T, StateRefusal>();
        ((StateRefusal)(object)proxy)._inner = inner;

        return proxy;
    }

    private async Task<INodeMembership> JoinAsync(Task<INodeMembership> joining)
    {
        INodeMembership membership = await joining;

        return _refusedCount++ == 0 ? Of(membership) : membership;
    }
}
