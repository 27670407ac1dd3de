using FsCheck;

namespace Jstp.Actors.Tests;

internal static class PropertyExtensions
{
    /// <summary>
    /// Checks on a thread of its own. FsCheck blocks its thread, and those that xunit runs tests on are as few as the processors: what other tests wait for
    /// goes on on them, too.
    /// </summary>
    public static Task CheckAsync(this Property property, Config config) =>
        Task.Factory.StartNew(() => property.Check(config), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
