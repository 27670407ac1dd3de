namespace Jstp.Actors.Applications.Dispatch;

/// <summary>One object for all calls.</summary>
internal sealed class InstanceTarget(object instance) : TargetSource
{
    public override object Get(out IAsyncDisposable? scope)
    {
        scope = null;

        return instance;
    }
}
