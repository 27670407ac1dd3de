using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Kernel.Internal;

/// <summary>The part of a cell that knows what its actor is told: sending, and calling the instance.</summary>
internal sealed class ActorCell<TMessage> : ActorCell
{
    private readonly Func<Actor<TMessage>> _factory;
    private readonly int _capacity; // of the mailbox; 0 is none
    private int _waiting; // messages that count against the capacity; any thread
    private Actor<TMessage>? _instance;
    private ActorTimers<TMessage>? _timers;

    internal ActorCell(ActorSystem system, ActorCell? parent, string name, Func<Actor<TMessage>> factory, ActorProps props)
        : base(system, parent, name)
    {
        _factory = factory;
        _capacity = props.MailboxCapacity ?? 0;
        Self = new ActorRef<TMessage>(this);
    }

    internal ActorRef<TMessage> Self { get; }

    internal override ActorRef Ref => Self;

    internal ActorTimers<TMessage> Timers => _timers ??= new ActorTimers<TMessage>(this);

    private protected override bool HasInstance => _instance is not null;

    private protected override SupervisionStrategy ChildSupervision => _instance!.ChildSupervision;

    internal void Tell(TMessage message) => Queue(new UserMessage<TMessage>(message));

    internal bool TryTell(TMessage message)
    {
        if (TryReserve())
        {
            if (Post(new UserMessage<TMessage>(message)))
            {
                return true;
            }

            Release();
        }

        return false;
    }

    internal void Enter(TMessage message)
    {
        if (TurnScope.IsFull || !_mailbox.TryEnter())
        {
            Tell(message);
            return;
        }

        if (!CanHandleNow)
        {
            RunBehindBacklog(message);
            return;
        }

        ActorCell? outer = TurnScope.Enter(this);
        CountActivation();
        ValueTask turn = HandleAsync(message);

        if (turn.IsCompletedSuccessfully)
        {
            turn.GetAwaiter().GetResult(); // lets a pooled source go back to its pool
            turn = default;

            if (_mailbox.TryLeave())
            {
                TurnScope.Leave(outer);
                return;
            }
        }

        TurnScope.Leave(outer);
        Run(turn, turn.IsCompletedSuccessfully ? null : new UserMessage<TMessage>(message));
    }

    internal async Task<TReply> AskAsync<TReply>(
        Func<ReplyTo<TReply>, TMessage> message, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var replyTo = new ReplyTo<TReply>();
        Queue(new AskMessage<TMessage, TReply>(message(replyTo), replyTo));

        try
        {
            return await replyTo.Reply.WaitAsync(timeout, System.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!replyTo.Reply.IsFaulted)
        {
            throw new TimeoutException($"{Path} did not answer {typeof(TMessage).Name} within {timeout}.");
        }
    }

    internal ILogger CreateInstanceLogger() =>
        System.LoggerFactory.CreateLogger(_instance?.GetType() ?? typeof(Actor<TMessage>));

    private protected override ValueTask DeliverAsync(MailboxNode node)
    {
        switch (node)
        {
            case UserMessage<TMessage> user:
                Release();
                return HandleAsync(user.Message);
            case TimerMessage<TMessage> timer:
                return _timers!.TryClaim(timer) ? HandleAsync(timer.Message) : ValueTask.CompletedTask;
            case TerminatedNotice notice:
                return TryEndWatch(notice.Watched) ? HandleTerminatedAsync(notice) : ValueTask.CompletedTask;
            default:
                return ValueTask.CompletedTask;
        }
    }

    private protected override void MakeInstance()
    {
        Actor<TMessage> instance = _factory()
            ?? throw new InvalidOperationException($"The factory of {Path} returned null.");
        instance.Attach(new ActorContext<TMessage>(this));
        _instance = instance;
    }

    private protected override void DropInstance() => _instance = null;

    private protected override ValueTask StartInstanceAsync(CancellationToken stopping) => _instance!.StartAsync(stopping);

    private protected override ValueTask RestartInstanceAsync(Exception cause) => _instance!.RestartAsync(cause);

    private protected override ValueTask StopInstanceAsync() => _instance!.StopAsync();

    private protected override void CancelTimers() => _timers?.CancelAll();

    private protected override void Discard(MailboxNode node)
    {
        if (node is UserMessage<TMessage> message)
        {
            MakeDeadLetter(message, DeadLetterReason.Stopped);
        }
    }

    private void Queue(UserMessage<TMessage> message)
    {
        if (!TryReserve())
        {
            MakeDeadLetter(message, DeadLetterReason.MailboxFull);
        }
        else if (!Post(message))
        {
            MakeDeadLetter(message, DeadLetterReason.Stopped);
        }
    }

    private void MakeDeadLetter(UserMessage<TMessage> message, DeadLetterReason reason)
    {
        message.Abandon(Self, failure: null);
        System.DeadLetters.Add(Self, message.Message, reason);
    }

    /// <summary>The actor is idle in the sense of the mailbox, but suspended: the message waits its turn.</summary>
    private void RunBehindBacklog(TMessage message)
    {
        if (TryReserve())
        {
            _mailbox.Append(new UserMessage<TMessage>(message));
        }
        else
        {
            MakeDeadLetter(new UserMessage<TMessage>(message), DeadLetterReason.MailboxFull);
        }

        Run(turn: default, node: null);
    }

    private ValueTask HandleAsync(TMessage message)
    {
        try
        {
            return _instance!.HandleAsync(message, Stopping);
        }
#pragma warning disable CA1031 // The end of a turn, where supervision follows.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return ValueTask.FromException(failure);
        }
    }

    private ValueTask HandleTerminatedAsync(TerminatedNotice notice)
    {
        try
        {
            return _instance!.HandleTerminatedAsync(notice.Watched.Ref, notice.Reason, Stopping);
        }
#pragma warning disable CA1031 // The end of a turn, where supervision follows.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return ValueTask.FromException(failure);
        }
    }

    private bool TryReserve()
    {
        if (_capacity == 0)
        {
            return true;
        }

        if (Interlocked.Increment(ref _waiting) <= _capacity)
        {
            return true;
        }

        Interlocked.Decrement(ref _waiting);
        return false;
    }

    private void Release()
    {
        if (_capacity != 0)
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
