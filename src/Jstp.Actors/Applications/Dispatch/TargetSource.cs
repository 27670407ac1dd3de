namespace Jstp.Actors.Applications.Dispatch;

/// <summary>Where the object comes from that a method runs on.</summary>
internal abstract class TargetSource
{
    /// <summary>Returns the object for one call, and what must be disposed when the call has ended.</summary>
    public abstract object Get(out IAsyncDisposable? scope);
}
