namespace Jstp.Client.Events;

/// <summary>Ends a subscription when it is disposed, once.</summary>
internal sealed class Subscription(Action end) : IDisposable
{
    private Action? _end = end;

    public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
}
