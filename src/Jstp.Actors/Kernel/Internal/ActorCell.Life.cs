namespace Jstp.Actors.Kernel.Internal;

/// <summary>Start, restart and stop. All of it runs as turns of the actor, and none of it throws.</summary>
internal abstract partial class ActorCell
{
    private protected abstract bool HasInstance { get; }

    /// <summary>Asks the actor to stop; its turns learn of it at once, the tree when the current turn is over. Any thread.</summary>
    internal void Stop()
    {
        if (Interlocked.Exchange(ref _stopRequested, true))
        {
            return;
        }

        CancelStopping(); // the exchange above and the barrier in RenewStopping let one of the two see the other
        Send(new StopRequest());
    }

    private protected abstract void MakeInstance();

    private protected abstract void DropInstance();

    private protected abstract ValueTask StartInstanceAsync(CancellationToken stopping);

    private protected abstract ValueTask RestartInstanceAsync(Exception cause);

    private protected abstract ValueTask StopInstanceAsync();

    private protected abstract void CancelTimers();

    /// <summary>Makes a dead letter of a user's message that was left in the mailbox.</summary>
    private protected abstract void Discard(MailboxNode node);

    private ValueTask HandleAsync(SystemMessage message)
    {
        switch (message)
        {
            case StartRequest:
                return StartAsync();
            case StopRequest:
                return BeginStopAsync(TerminationReason.Stopped);
            case ChildrenGone:
                return ContinueWithoutChildrenAsync();
            case Verdict verdict:
                return ObeyAsync(verdict);
            case BackoffElapsed elapsed:
                return EndBackoffAsync(elapsed.Restart);
            case ChildFailed failed:
                Supervise(failed);
                break;
            case WatchRequest request:
                (_watches ??= new WatchList()).Watchers.Add(request.Watcher);
                break;
            case UnwatchRequest request:
                _watches?.Watchers.Remove(request.Watcher);
                break;
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask StartAsync()
    {
        _phase = ActorPhase.Starting;

        if (Volatile.Read(ref _stopRequested))
        {
            return; // the stop is in the mailbox; there is no instance to take leave of
        }

        try
        {
            MakeInstance();
            await StartInstanceAsync(RenewStopping());
            _phase = ActorPhase.Running;
        }
#pragma warning disable CA1031 // The end of a turn, where supervision follows.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail(failure, "its start", starting: true);
        }
    }

    private ValueTask ObeyAsync(Verdict verdict)
    {
        if (_phase != ActorPhase.Suspended)
        {
            return ValueTask.CompletedTask; // a stop came first
        }

        switch (verdict.Directive)
        {
            case SupervisionDirective.Restart:
                return BeginRestartAsync(verdict.Cause, verdict.Backoff);
            case SupervisionDirective.Stop:
                return BeginStopAsync(TerminationReason.Failed);
            default:
                _phase = ActorPhase.Running;
                ResumeChildren();
                return ValueTask.CompletedTask;
        }
    }

    private ValueTask BeginRestartAsync(Exception cause, TimeSpan backoff)
    {
        _phase = ActorPhase.Restarting;
        _restart = new RestartState(this, cause);

        if (backoff > TimeSpan.Zero)
        {
            _restart.Begin(backoff);
        }

        EndInstance();
        EndWatching(); // what the old instance watched means nothing to the new one
        return StopChildren() ? ValueTask.CompletedTask : TakeLeaveAsync();
    }

    private ValueTask BeginStopAsync(TerminationReason reason)
    {
        if (_phase is ActorPhase.Stopping or ActorPhase.Stopped)
        {
            return ValueTask.CompletedTask;
        }

        Volatile.Write(ref _stopRequested, true);
        _reason = reason;
        _phase = ActorPhase.Stopping;
        _restart?.End();
        _restart = null;
        EndInstance();
        return StopChildren() ? ValueTask.CompletedTask : FinishStopAsync();
    }

    private ValueTask ContinueWithoutChildrenAsync() => _phase switch
    {
        ActorPhase.Restarting => TakeLeaveAsync(),
        ActorPhase.Stopping => FinishStopAsync(),
        _ => ValueTask.CompletedTask,
    };

    /// <summary>Says goodbye to the instance that is to be replaced, and replaces it once the pause is over.</summary>
    private async ValueTask TakeLeaveAsync()
    {
        RestartState restart = _restart!;

        if (HasInstance)
        {
            await GoodbyeAsync(restart.Cause);
            DropInstance();
        }

        _phase = ActorPhase.BackingOff;

        if (!restart.IsPausing)
        {
            await StartAgainAsync();
        }
    }

    private ValueTask EndBackoffAsync(RestartState restart)
    {
        if (restart != _restart)
        {
            return ValueTask.CompletedTask;
        }

        restart.End();
        return _phase == ActorPhase.BackingOff ? StartAgainAsync() : ValueTask.CompletedTask;
    }

    private ValueTask StartAgainAsync()
    {
        _restart = null;
        ReopenChildren();
        KernelMetrics.Restarts.Add(1);
        Log.Restarting(KernelLogger, Path);
        return StartAsync();
    }

    private async ValueTask FinishStopAsync()
    {
        if (HasInstance)
        {
            await GoodbyeAsync(cause: null);
        }

        Finish();
    }

    private async ValueTask GoodbyeAsync(Exception? cause)
    {
        try
        {
            await (cause is null ? StopInstanceAsync() : RestartInstanceAsync(cause));
        }
#pragma warning disable CA1031 // The instance is given up either way.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            KernelMetrics.Failures.Add(1);
            Log.GoodbyeFailed(KernelLogger, failure, Path);
        }
    }

    private void Finish()
    {
        _phase = ActorPhase.Stopped;
        DropInstance();
        _mailbox.Close();

        while (_mailbox.TakeRest() is { } node)
        {
            if (node is WatchRequest request)
            {
                request.Watcher.Post(new TerminatedNotice(this, _reason));
            }
            else
            {
                Discard(node);
            }
        }

        EndWatching();
        NotifyWatchers();

        // The name is free before anyone learns that the actor is gone.
        if (_parent?._children?.Remove(this) == true)
        {
            _parent.Send(new ChildrenGone());
        }

        (Interlocked.CompareExchange(ref _stopped, AlreadyStopped, null) ?? AlreadyStopped).TrySetResult();
    }

    /// <summary>A bug in the kernel or in what it was given (a clock that throws): the actor ends without ceremony, and nothing else does.</summary>
    private void Abort(Exception bug)
    {
        Log.Aborted(KernelLogger, bug, Path);

        if (_phase == ActorPhase.Stopped)
        {
            return;
        }

        Volatile.Write(ref _stopRequested, true);
        _reason = TerminationReason.Failed;
        StopChildren();
        Finish();
    }

    /// <returns>Whether there are children to wait for.</returns>
    private bool StopChildren()
    {
        ActorCell[] children = CloseChildren();

        foreach (ActorCell child in children)
        {
            child.Stop();
        }

        return children.Length > 0;
    }

    private void EndInstance()
    {
        CancelStopping();
        CancelTimers();
    }

    private CancellationToken RenewStopping()
    {
        var source = new CancellationTokenSource();
        Interlocked.Exchange(ref _stopping, source);

        if (Volatile.Read(ref _stopRequested))
        {
            CancelStopping();
        }

        return source.Token;
    }

    private void CancelStopping()
    {
        if (Volatile.Read(ref _stopping) is { IsCancellationRequested: false } source)
        {
            _ = CancelAsync(source);
        }
    }

    // What waits for the token runs on the pool, not inside the turn or the caller that stops the actor.
    private async Task CancelAsync(CancellationTokenSource source)
    {
        try
        {
            await source.CancelAsync();
        }
#pragma warning disable CA1031 // Callbacks that users registered; the actor stops whatever they do.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Log.CancellationFailed(KernelLogger, failure, Path);
        }
    }
}
