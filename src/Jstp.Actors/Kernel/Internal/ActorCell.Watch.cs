namespace Jstp.Actors.Kernel.Internal;

/// <summary>Death watch: who is told when whom is gone.</summary>
internal abstract partial class ActorCell
{
    /// <exception cref="ArgumentException">An actor cannot watch itself.</exception>
    internal void Watch(ActorCell target)
    {
        if (target == this)
        {
            throw new ArgumentException($"{Path} cannot watch itself.", nameof(target));
        }

        _watches ??= new WatchList();

        if (_watches.Watched.Add(target) && !target.Send(new WatchRequest(this)))
        {
            Post(new TerminatedNotice(target, target._reason)); // a closed mailbox published the reason with its closing
        }
    }

    internal void Unwatch(ActorCell target)
    {
        if (_watches?.Watched.Remove(target) == true)
        {
            target.Send(new UnwatchRequest(this));
        }
    }

    /// <summary>Whether the notice of <paramref name="watched"/>'s end is still wanted; it is so once.</summary>
    private protected bool TryEndWatch(ActorCell watched) => _watches?.Watched.Remove(watched) == true;

    private void EndWatching()
    {
        if (_watches is null)
        {
            return;
        }

        foreach (ActorCell target in _watches.Watched)
        {
            target.Send(new UnwatchRequest(this));
        }

        _watches.Watched.Clear();
    }

    private void NotifyWatchers()
    {
        if (_watches is null)
        {
            return;
        }

        foreach (ActorCell watcher in _watches.Watchers)
        {
            watcher.Post(new TerminatedNotice(this, _reason));
        }

        _watches = null;
    }
}
