namespace Jstp.Actors.Kernel.Internal;

/// <summary>Failures: telling the parent of one's own, and judging those of the children.</summary>
internal abstract partial class ActorCell
{
    /// <summary>The restarts so far; belongs to the parent's turns, which are the only ones to touch it.</summary>
    private RestartHistory? _restartHistory;

    private protected abstract SupervisionStrategy ChildSupervision { get; }

    /// <summary>Suspends the actor until its parent has judged.</summary>
    private void Fail(Exception failure, string what, bool starting)
    {
        bool stopping = Volatile.Read(ref _stopRequested);
        _phase = ActorPhase.Suspended; // no further message of a user's before the verdict, or before the stop that is in the mailbox

        if (stopping && failure is OperationCanceledException)
        {
            return; // it was asked to end, and did
        }

        KernelMetrics.Failures.Add(1);
        Log.Failed(KernelLogger, failure, Path, what);

        if (!stopping)
        {
            _parent?.Send(new ChildFailed(this, failure, starting));
        }
    }

    private void Supervise(ChildFailed failed)
    {
        if (_phase is not (ActorPhase.Running or ActorPhase.Suspended))
        {
            return; // the child was told to stop already
        }

        try
        {
            SupervisionStrategy strategy = ChildSupervision;
            Judge(failed, strategy.Decider(failed.Cause), strategy);
        }
#pragma warning disable CA1031 // A decider is users' code; its failure is this actor's.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Escalate(failed, failure);
        }
    }

    private void Judge(ChildFailed failed, SupervisionDirective directive, SupervisionStrategy strategy)
    {
        TimeSpan backoff = TimeSpan.Zero;

        if (directive == SupervisionDirective.Resume && failed.Starting)
        {
            directive = SupervisionDirective.Restart; // there is no state to go on with
        }

        if (directive == SupervisionDirective.Restart)
        {
            RestartHistory history = failed.Child._restartHistory ??= new RestartHistory();

            if (history.TryRestart(strategy, System.TimeProvider) is { } pause)
            {
                backoff = pause;
            }
            else
            {
                Log.RestartsExceeded(KernelLogger, failed.Child.Path, strategy.MaxRestarts!.Value, strategy.Window);
                directive = strategy.WhenExceeded;
            }
        }

        if (directive == SupervisionDirective.Escalate)
        {
            Escalate(failed, failed.Cause);
            return;
        }

        Log.Judged(KernelLogger, failed.Child.Path, directive, backoff);
        failed.Child.Send(new Verdict(directive, failed.Cause, backoff));
    }

    private void Escalate(ChildFailed failed, Exception cause)
    {
        if (_parent is null)
        {
            Log.EscalatedToTop(KernelLogger, failed.Child.Path);
            failed.Child.Send(new Verdict(SupervisionDirective.Stop, failed.Cause, TimeSpan.Zero));
            return;
        }

        // The child waits: it stops with this actor's stop or restart, and resumes with its resumption.
        OpenChildren().Escalated.Add(failed);

        if (_phase == ActorPhase.Running)
        {
            Fail(cause, $"the failure of {failed.Child.Name}", starting: false);
        }
    }

    private void ResumeChildren()
    {
        if (_children is not { Escalated.Count: > 0 } registry)
        {
            return;
        }

        ChildFailed[] waiting = [.. registry.Escalated];
        registry.Escalated.Clear();

        foreach (ChildFailed failed in waiting)
        {
            Judge(failed, SupervisionDirective.Resume, ChildSupervision);
        }
    }
}
