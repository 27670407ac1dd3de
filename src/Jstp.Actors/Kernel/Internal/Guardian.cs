namespace Jstp.Actors.Kernel.Internal;

/// <summary>The root of the tree: parent of the top-level actors, answers their failures with the system's default strategy.</summary>
internal sealed class Guardian : Actor<Guardian.Nothing>
{
    protected override ValueTask ReceiveAsync(Nothing message, CancellationToken stopping) => ValueTask.CompletedTask;

    /// <summary>The guardian is told nothing.</summary>
    internal readonly record struct Nothing;
}
