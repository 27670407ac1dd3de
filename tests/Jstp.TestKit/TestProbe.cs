using System.Threading.Channels;
using Jstp.Actors.Kernel;
using Jstp.Actors.Kernel.Internal;

namespace Jstp.TestKit;

/// <summary>An actor that keeps what it is told, in order, for a test to look at.</summary>
/// <typeparam name="TMessage">What the probe is told.</typeparam>
public sealed class TestProbe<TMessage>
{
    private readonly ActorSystem _system;
    private readonly Channel<Item> _received = Channel.CreateUnbounded<Item>();

    internal TestProbe(ActorSystem system, string? name)
    {
        _system = system;
        Ref = name is null
            ? system.Spawn(() => new ProbeActor(_received.Writer))
            : system.Spawn(name, () => new ProbeActor(_received.Writer));
    }

    /// <summary>A message, or the end of a watched actor.</summary>
    private readonly record struct Item(TMessage? Message, ActorRef? Terminated, TerminationReason Reason)
    {
        public override string ToString() => Terminated is null ? $"{Message}" : $"the end of {Terminated.Path} ({Reason})";
    }

    /// <summary>The probe's reference, to be handed to whoever is to talk to it.</summary>
    public ActorRef<TMessage> Ref { get; }

    /// <summary>Watches an actor, for <see cref="ExpectTerminatedAsync"/>.</summary>
    public void Watch(ActorRef actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        Ref.Cell.Send(new WatchCommand(actor.Cell));
    }

    /// <summary>The next message.</summary>
    /// <exception cref="TestKitException">No message came, or the next event is the end of a watched actor.</exception>
    public async Task<TMessage> ExpectMessageAsync()
    {
        Item item = await NextAsync("a message");
        return item.Terminated is null ? item.Message! : throw new TestKitException($"Expected a message, but {item} came.");
    }

    /// <summary>The next message, which must equal <paramref name="expected"/>.</summary>
    public async Task ExpectMessageAsync(TMessage expected)
    {
        Item item = await NextAsync($"the message {expected}");

        if (item.Terminated is not null || !EqualityComparer<TMessage>.Default.Equals(item.Message, expected))
        {
            throw new TestKitException($"Expected {expected}, but {item} came.");
        }
    }

    /// <summary>The next message, which must be of type <typeparamref name="TExpected"/>.</summary>
    public async Task<TExpected> ExpectMessageAsync<TExpected>()
        where TExpected : TMessage
    {
        Item item = await NextAsync($"a message of type {typeof(TExpected).Name}");
        return item is { Terminated: null, Message: TExpected message }
            ? message
            : throw new TestKitException($"Expected {typeof(TExpected).Name}, but {item} came.");
    }

    /// <summary>The next <paramref name="count"/> messages.</summary>
    public async Task<IReadOnlyList<TMessage>> ExpectMessagesAsync(int count)
    {
        var messages = new List<TMessage>(count);

        while (messages.Count < count)
        {
            messages.Add(await ExpectMessageAsync());
        }

        return messages;
    }

    /// <summary>
    /// Nothing came and, with the actors at rest, nothing will. Waits until the system has settled, not for time to pass, so it
    /// neither misses a late message nor takes longer than it must.
    /// </summary>
    public async Task ExpectNoMessageAsync()
    {
        await Settlement.WaitAsync(_system);

        if (_received.Reader.TryPeek(out Item item))
        {
            throw new TestKitException($"Expected nothing, but {item} came.");
        }
    }

    /// <summary>The next event is the end of <paramref name="actor"/>, which was watched.</summary>
    /// <returns>Why it ended.</returns>
    public async Task<TerminationReason> ExpectTerminatedAsync(ActorRef actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        Item item = await NextAsync($"the end of {actor.Path}");
        return item.Terminated == actor ? item.Reason : throw new TestKitException($"Expected the end of {actor.Path}, but {item} came.");
    }

    private Task<Item> NextAsync(string awaited) => _received.Reader.ReadAsync().AsTask().WithinLimitAsync($"{awaited} at {Ref.Path}");

    private sealed class ProbeActor(ChannelWriter<Item> received) : Actor<TMessage>
    {
        protected override ValueTask ReceiveAsync(TMessage message, CancellationToken stopping) =>
            received.WriteAsync(new Item(message, Terminated: null, default), CancellationToken.None);

        protected override ValueTask OnTerminatedAsync(ActorRef watched, TerminationReason reason, CancellationToken stopping) =>
            received.WriteAsync(new Item(Message: default, watched, reason), CancellationToken.None);
    }
}
