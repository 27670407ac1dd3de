using Jstp.Actors.Persistence;

namespace Jstp.Actors.Tests.Persistence;

/// <summary>An empty place to keep sessions, for one test.</summary>
public abstract class StoreHarness : IAsyncDisposable
{
    /// <summary>Opens a store on the place: another one for each call where several processes may share it, else the same.</summary>
    public abstract Task<ISessionStore> OpenAsync();

    /// <summary>Makes everything in the store older, or moves its clock.</summary>
    public abstract Task PassAsync(TimeSpan time);

    public abstract ValueTask DisposeAsync();
}
