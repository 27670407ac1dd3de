namespace Jstp.Transport.Tests.WebSockets;

/// <summary>Waits for things, never for time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Waits until a condition holds; fails after ten seconds.</summary>
    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        using var patience = new CancellationTokenSource(Patience);

        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, $"Waited in vain for: {what}");
            await Task.Yield();
        }
    }

    /// <summary>Waits for a task; fails after ten seconds.</summary>
    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Patience);

    /// <inheritdoc cref="Soon{T}"/>
    public static Task Soon(this Task task) => task.WaitAsync(Patience);
}
