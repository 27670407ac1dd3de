namespace Jstp.Actors.Kernel.Internal;

/// <summary>What the kernel tells an actor about the tree. Handled before anything users send, also while the actor is suspended.</summary>
internal abstract class SystemMessage : MailboxNode;

/// <summary>The first message of every actor.</summary>
internal sealed class StartRequest : SystemMessage;

/// <summary>Stop, children first.</summary>
internal sealed class StopRequest : SystemMessage;

/// <summary>The last child of an actor that waits for its children is gone.</summary>
internal sealed class ChildrenGone : SystemMessage;

/// <summary>A child failed and waits for a <see cref="Verdict"/>.</summary>
internal sealed class ChildFailed(ActorCell child, Exception cause, bool starting) : SystemMessage
{
    internal ActorCell Child => child;

    internal Exception Cause => cause;

    /// <summary>Whether the child failed to start, so that there is nothing to resume.</summary>
    internal bool Starting => starting;
}

/// <summary>The parent's answer to <see cref="ChildFailed"/>: resume, restart after a pause, or stop.</summary>
internal sealed class Verdict(SupervisionDirective directive, Exception cause, TimeSpan backoff) : SystemMessage
{
    internal SupervisionDirective Directive => directive;

    internal Exception Cause => cause;

    internal TimeSpan Backoff => backoff;
}

/// <summary>The pause before a restart is over.</summary>
internal sealed class BackoffElapsed(RestartState restart) : SystemMessage
{
    /// <summary>Which restart; an actor that failed again meanwhile ignores the old one.</summary>
    internal RestartState Restart => restart;
}

/// <summary>Another actor wants to know when this one is gone.</summary>
internal sealed class WatchRequest(ActorCell watcher) : SystemMessage
{
    internal ActorCell Watcher => watcher;
}

/// <summary>Takes a <see cref="WatchRequest"/> back.</summary>
internal sealed class UnwatchRequest(ActorCell watcher) : SystemMessage
{
    internal ActorCell Watcher => watcher;
}
