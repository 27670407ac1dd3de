using Jstp.Transport.WebSockets;
using Microsoft.AspNetCore.Connections.Features;

namespace Jstp.Transport.Tests.WebSockets;

public sealed class CompletionWatchdogTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly Lifetime _lifetime = new();

    [Fact]
    public void Watchdog_ConnectionStillThereAtDeadline_Aborts()
    {
        _ = new CompletionWatchdog(_lifetime, TimeSpan.FromSeconds(5), _time);

        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(0, _lifetime.Aborts);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(1, _lifetime.Aborts);
    }

    [Fact]
    public async Task Watchdog_ConnectionClosed_DisarmsItself()
    {
        _ = new CompletionWatchdog(_lifetime, TimeSpan.FromSeconds(5), _time);

        await _lifetime.Source.CancelAsync();

        Assert.Equal(0, _time.ArmedCount);
    }

    public void Dispose() => _lifetime.Source.Dispose();

    private sealed class Lifetime : IConnectionLifetimeFeature
    {
        public CancellationTokenSource Source { get; } = new();

        public int Aborts { get; private set; }

        public CancellationToken ConnectionClosed
        {
            get => Source.Token;
            set => throw new NotSupportedException();
        }

        public void Abort() => Aborts++;
    }
}
