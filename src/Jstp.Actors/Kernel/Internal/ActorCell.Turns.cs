using System.Diagnostics;

namespace Jstp.Actors.Kernel.Internal;

/// <summary>Running turns: one at a time, in batches, wherever there is a thread.</summary>
internal abstract partial class ActorCell
{
    /// <summary>The token that turns receive.</summary>
    private protected CancellationToken Stopping => _stopping!.Token;

    /// <summary>Owner only: whether a message may be handled right away, with nothing to be handled before it.</summary>
    private protected bool CanHandleNow => _phase == ActorPhase.Running && !_mailbox.HasBacklog;

    void IThreadPoolWorkItem.Execute() => Resume();

    /// <summary>Queues a message that is no system message.</summary>
    /// <returns>Whether the actor still takes messages.</returns>
    internal bool Post(MailboxNode node) => Admit(_mailbox.Push(node));

    internal bool Send(SystemMessage message) => Admit(_mailbox.PushSystem(message));

    /// <summary>Handles a message that is no system message. Never throws: what the turn throws is in the task.</summary>
    private protected abstract ValueTask DeliverAsync(MailboxNode node);

    /// <summary>Owner only: counts that somebody came in, for <see cref="Activity"/>.</summary>
    private protected void CountActivation() => _activations++;

    /// <summary>Owner only: ends <paramref name="turn"/>, then handles what waits, then gives the actor up or hands it to the pool.</summary>
    private protected void Run(ValueTask turn, MailboxNode? node)
    {
        ActorCell? outer = TurnScope.Enter(this);
        CountActivation();

        try
        {
            RunBatch(turn, node);
        }
#pragma warning disable CA1031 // The end of every turn: beyond it is the thread pool, or the caller of Enter.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            Abort(bug);
        }
        finally
        {
            TurnScope.Leave(outer);
        }
    }

    private bool Admit(PushResult result)
    {
        if (result == PushResult.Acquired)
        {
            Schedule();
        }

        return result != PushResult.Closed;
    }

    // To the global queue, not this worker's own: workers empty their own queue first and newest first, so two actors that
    // talk to each other would keep everything else on that worker waiting.
    private void Schedule() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    /// <summary>Comes in from the pool, at the start or after an awaited turn.</summary>
    private void Resume()
    {
        MailboxNode? node = null;
        ValueTask turn = _awaiter is null ? default : _awaiter.Take(out node);
        Run(turn, node);
    }

    /// <summary>Comes in where an awaited turn has completed.</summary>
    private void ResumeAwaited()
    {
        if (TurnScope.Current is null)
        {
            Resume();
        }
        else
        {
            Schedule(); // another actor's turn completed this one's task; its thread is not ours to keep
        }
    }

    private void RunBatch(ValueTask turn, MailboxNode? node)
    {
        int budget = System.Throughput;

        while (TryEnd(turn, node) && _phase != ActorPhase.Stopped)
        {
            if (budget-- == 0)
            {
                Schedule();
                return;
            }

            while ((node = _mailbox.Take(systemOnly: _phase != ActorPhase.Running)) is null)
            {
                if (_mailbox.TryLeave())
                {
                    return;
                }

                _mailbox.Collect();
            }

            turn = node is SystemMessage message ? HandleAsync(message) : DeliverAsync(node);
        }
    }

    /// <returns>Whether the turn is over. If not, the actor resumes elsewhere and must not be touched.</returns>
    private bool TryEnd(ValueTask turn, MailboxNode? node)
    {
        if (!turn.IsCompleted)
        {
            _awaiter ??= new TurnAwaiter(ResumeAwaited);
            _awaiter.Await(turn, node);
            return false;
        }

        if (turn.IsCompletedSuccessfully)
        {
            turn.GetAwaiter().GetResult(); // lets a pooled source go back to its pool
            return true;
        }

        EndFailed(turn, node);
        return true;
    }

    private void EndFailed(ValueTask turn, MailboxNode? node)
    {
        try
        {
            turn.GetAwaiter().GetResult();
        }
#pragma warning disable CA1031 // The end of a turn, where supervision follows.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Debug.Assert(node is not SystemMessage, "System messages are handled without throwing.");
            node?.Abandon(Ref, failure);
            Fail(failure, node?.Description ?? "a message", starting: false);
        }
    }
}
