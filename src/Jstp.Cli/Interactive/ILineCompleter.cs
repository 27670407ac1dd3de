namespace Jstp.Cli.Interactive;

/// <summary>Knows how lines go on.</summary>
internal interface ILineCompleter
{
    /// <param name="head">The line up to the cursor.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<Completion> CompleteAsync(string head, CancellationToken cancellationToken);
}
