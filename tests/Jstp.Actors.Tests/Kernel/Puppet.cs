using Jstp.Actors.Kernel;
using Jstp.TestKit;

namespace Jstp.Actors.Tests.Kernel;

/// <summary>What a test has a puppet do, within one of its turns.</summary>
public delegate void Deed(ActorContext<Deed> context);

/// <summary>Actors that do what tests tell them.</summary>
internal static class Puppet
{
    internal static ScriptedActor<Deed> Make() => Make(strategy: null);

    internal static ScriptedActor<Deed> Make(SupervisionStrategy? strategy) => new()
    {
        OnReceive = (context, deed, _) => Do(() => deed(context)),
        Strategy = strategy,
    };

    /// <summary>Looks at an actor's surroundings from within one of its turns.</summary>
    internal static Task<T> AskInsideAsync<T>(this ActorRef<Deed> puppet, Func<ActorContext<Deed>, T> look)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        puppet.Tell(context => answer.SetResult(look(context)));
        return answer.Task.WithinLimitAsync($"{puppet} to look around");
    }

    /// <summary>Makes a lambda without a result a turn.</summary>
    internal static ValueTask Do(Action action)
    {
        action();
        return ValueTask.CompletedTask;
    }
}
