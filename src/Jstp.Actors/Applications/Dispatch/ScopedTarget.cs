using Microsoft.Extensions.DependencyInjection;

namespace Jstp.Actors.Applications.Dispatch;

/// <summary>A new object in a service scope of its own for every call.</summary>
internal sealed class ScopedTarget(IServiceProvider services, Type type) : TargetSource
{
    private readonly ObjectFactory _factory = ActivatorUtilities.CreateFactory(type, Type.EmptyTypes);

    public override object Get(out IAsyncDisposable? scope)
    {
        AsyncServiceScope callScope = services.CreateAsyncScope();
        scope = callScope; // known to the caller before the constructor may throw

        return _factory(callScope.ServiceProvider, null);
    }
}
