using Jstp.Actors.Kernel;

namespace Jstp.TestKit;

/// <summary>
/// An actor system on a clock that the test moves and with a log that the test reads. Disposing it stops the actors, and fails
/// the test if an error was logged that it did not announce.
/// </summary>
/// <example>
/// <code>
/// await using var kit = new ActorTestKit();
/// TestProbe&lt;string&gt; probe = kit.CreateProbe&lt;string&gt;();
/// ActorRef&lt;Greet&gt; greeter = kit.System.Spawn("greeter", () => new Greeter(probe.Ref));
///
/// greeter.Tell(new Greet("Anna"));
///
/// await probe.ExpectMessageAsync("Hello, Anna");
/// await probe.ExpectNoMessageAsync();
/// </code>
/// </example>
public sealed class ActorTestKit : IAsyncDisposable
{
    /// <summary>Makes a system.</summary>
    /// <param name="configure">Changes options; clock and log are the kit's.</param>
    public ActorTestKit(Action<ActorSystemOptions>? configure = null)
    {
        var options = new ActorSystemOptions();
        configure?.Invoke(options);
        options.TimeProvider = Time;
        options.LoggerFactory = Logs;
        System = new ActorSystem("test", options);
    }

    /// <summary>The system under test.</summary>
    public ActorSystem System { get; }

    /// <summary>The system's clock.</summary>
    public ManualTimeProvider Time { get; } = new();

    /// <summary>The system's log.</summary>
    public LogCollector Logs { get; } = new();

    /// <summary>Makes an actor that keeps what it is told, for the test to look at.</summary>
    /// <param name="name">The actor's name; one of the kernel's choice if left out.</param>
    public TestProbe<TMessage> CreateProbe<TMessage>(string? name = null) => new(System, name);

    /// <summary>
    /// Waits until no actor moves: nobody is in a turn, and nothing waits in a mailbox save in front of suspended actors. What has not
    /// happened then will not happen unless the test, the clock or something outside of the actors makes it.
    /// </summary>
    public Task SettleAsync() => Settlement.WaitAsync(System);

    /// <summary>Moves the clock from timer to timer, and has the actors settle before, between and behind.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        await SettleAsync();

        while (Time.NextTimerDueIn is { } next && next <= by)
        {
            Time.Advance(next);
            by -= next;
            await SettleAsync();
        }

        Time.Advance(by);
    }

    /// <summary>Stops the actors.</summary>
    /// <exception cref="TestKitException">An actor does not stop, or an error was logged that the test did not announce.</exception>
    public async ValueTask DisposeAsync()
    {
        await System.TerminateAsync().WithinLimitAsync("the actor system to terminate");
        Logs.ThrowOnUnexpected();
    }
}
