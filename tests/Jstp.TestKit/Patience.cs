namespace Jstp.TestKit;

/// <summary>
/// Waiting for conditions instead of for time. The one limit is generous, since it is reached only by tests that fail, and what
/// was awaited is in the exception.
/// </summary>
public static class Patience
{
    /// <summary>How long anything may take in real time: far beyond what a busy machine needs.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Waits for a task.</summary>
    /// <param name="task">What is awaited.</param>
    /// <param name="awaited">Names it, for the exception.</param>
    /// <exception cref="TestKitException">The task did not complete within <see cref="Limit"/>.</exception>
    public static async Task WithinLimitAsync(this Task task, string awaited)
    {
        await Task.WhenAny(task, task.WaitAsync(Limit));
        ThrowUnless(task.IsCompleted, awaited);
        await task;
    }

    /// <inheritdoc cref="WithinLimitAsync(Task, string)"/>
    public static async Task<T> WithinLimitAsync<T>(this Task<T> task, string awaited)
    {
        await WithinLimitAsync((Task)task, awaited);
        return await task;
    }

    /// <summary>Waits until a condition holds that nothing announces. Prefer an event wherever there is one.</summary>
    /// <param name="condition">Looked at again and again, from one thread at a time.</param>
    /// <param name="awaited">Names the condition, for the exception.</param>
    /// <exception cref="TestKitException">The condition did not hold within <see cref="Limit"/>.</exception>
    public static Task UntilAsync(Func<bool> condition, string awaited) => UntilAsync(condition, awaited, Limit);

    /// <inheritdoc cref="UntilAsync(Func{bool}, string)"/>
    /// <param name="condition">Looked at again and again, from one thread at a time.</param>
    /// <param name="awaited">Names the condition, for the exception.</param>
    /// <param name="limit">How long to wait; for tests that are repeated many times when they fail.</param>
    public static Task UntilAsync(Func<bool> condition, string awaited, TimeSpan limit) => UntilAsync(condition, () => awaited, limit);

    /// <inheritdoc cref="UntilAsync(Func{bool}, string)"/>
    /// <param name="condition">Looked at again and again, from one thread at a time.</param>
    /// <param name="describe">Names the condition, and what is known of why it does not hold, once it was waited for in vain.</param>
    public static Task UntilAsync(Func<bool> condition, Func<string> describe) => UntilAsync(condition, describe, Limit);

    private static async Task UntilAsync(Func<bool> condition, Func<string> describe, TimeSpan limit)
    {
        long start = TimeProvider.System.GetTimestamp();

        for (int look = 0; !condition(); look++)
        {
            if (TimeProvider.System.GetElapsedTime(start) >= limit)
            {
                ThrowUnless(fulfilled: false, describe());
            }

            // Mostly the condition is a few turns away; the pause only spares the processor where it is not.
            await (look < 100 ? Task.Run(static () => { }) : Task.Delay(1));
        }
    }

    private static void ThrowUnless(bool fulfilled, string awaited)
    {
        if (!fulfilled)
        {
            throw new TestKitException($"Waited in vain for {awaited}.");
        }
    }
}
