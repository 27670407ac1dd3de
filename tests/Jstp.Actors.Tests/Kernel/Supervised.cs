using Jstp.Actors.Kernel;
using Jstp.TestKit;
using static Jstp.Actors.Tests.Kernel.Puppet;

namespace Jstp.Actors.Tests.Kernel;

/// <summary>What tests of failures share.</summary>
internal static class Supervised
{
    /// <summary>The number of the event that every failure logs.</summary>
    internal const int Failed = 1000;

    /// <summary>Restarts without a pause.</summary>
    internal static readonly SupervisionStrategy AtOnce = new() { MinBackoff = TimeSpan.Zero, MaxBackoff = TimeSpan.Zero };

    internal static ActorTestKit NewKit(Action<ActorSystemOptions>? configure = null)
    {
        var kit = new ActorTestKit(configure);
        kit.Logs.Allow(Failed);
        return kit;
    }

    internal static SupervisionStrategy Always(SupervisionDirective directive) => AtOnce with { Decider = _ => directive };

    /// <summary>Spawns an actor whose every instance has a number and reports what happens to it.</summary>
    internal static ActorRef<string> SpawnReporter(ActorTestKit kit, TestProbe<string> probe)
    {
        int instances = 0;
        return kit.System.Spawn("reporter", () =>
        {
            int number = ++instances;
            void Report(string what) => probe.Ref.Tell($"{number} {what}");
            return new ScriptedActor<string>
            {
                OnStart = (_, _) => Do(() => Report("starts")),
                OnRestarting = cause => Do(() => Report($"restarts for {cause.Message}")),
                OnStopped = () => Do(() => Report("stops")),
                OnReceive = async (_, message, _) =>
                {
                    if (message == "fail later")
                    {
                        await Task.Yield();
                    }

                    Report(message.StartsWith("fail", StringComparison.Ordinal)
                        ? throw new InvalidOperationException(message)
                        : $"received {message}");
                },
            };
        });
    }
}
