using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Jstp.Actors.Kernel;
using Jstp.TestKit;

namespace Jstp.Actors.Tests.Kernel;

public sealed class MetricsTests
{
    [Fact]
    public async Task Counters_DeadLetterFailureAndRestart_AreCounted()
    {
        // The meter belongs to the process and other tests run beside this one, so the counts are lower bounds.
        var counts = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name == "Jstp.Actors")
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            counts.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.Start();
        await using var kit = new ActorTestKit();
        kit.Logs.Allow(1000);
        ActorRef<Deed> actor = kit.System.Spawn("actor", Puppet.Make);

        actor.Tell(_ => throw new InvalidOperationException("bug"));
        await kit.AdvanceAsync(SupervisionStrategy.Default.MinBackoff);
        actor.Stop();
        await actor.Stopped.WithinLimitAsync("the actor to stop");
        actor.Tell(_ => { });

        Assert.All(
            ["jstp.actors.failures", "jstp.actors.restarts", "jstp.actors.dead_letters"],
            name => Assert.True(counts.GetValueOrDefault(name) >= 1, name));
    }
}
