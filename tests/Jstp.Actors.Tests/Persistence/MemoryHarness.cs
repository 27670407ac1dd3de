using Jstp.Actors.Persistence;
using Jstp.Actors.Persistence.Memory;
using Jstp.TestKit;

namespace Jstp.Actors.Tests.Persistence;

public sealed class MemoryHarness : StoreHarness
{
    private readonly ManualTimeProvider _time = new();
    private readonly MemorySessionStore _store;

    public MemoryHarness()
    {
        _store = new MemorySessionStore(_time);
    }

    public override async Task<ISessionStore> OpenAsync()
    {
        await _store.OpenAsync(CancellationToken.None);
        return _store;
    }

    public override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync() => _store.DisposeAsync();
}
