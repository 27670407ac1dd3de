namespace Jstp.Cli.Interactive;

/// <summary>Completes the lines of the interactive mode from what is known of the server.</summary>
internal sealed class ShellCompleter(RemoteNames names) : ILineCompleter
{
    public async Task<Completion> CompleteAsync(string head, CancellationToken cancellationToken)
    {
        int start = head.LastIndexOf(' ') + 1;
        string typed = head[start..];
        string[] before = head[..start].Split(' ', StringSplitOptions.RemoveEmptyEntries);

        return before switch
        {
            [] when typed.LastIndexOf('.') is >= 0 and var dot => Choose(
                start + dot + 1, typed[(dot + 1)..], await names.MethodsOfAsync(typed[..dot], cancellationToken), "("),
            [] => CompleteFirst(start, typed),
            ["inspect", ..] or ["call" or "emit"] => Choose(start, typed, names.Interfaces, " "),
            ["call", var interfaceName] => Choose(start, typed, await names.MethodsOfAsync(interfaceName, cancellationToken), " "),
            ["emit", var interfaceName] => Choose(start, typed, names.EventsOf(interfaceName), " "),
            ["events"] => Choose(start, typed, ["on", "off"], ""),
            ["output"] => Choose(start, typed, ["mdsf", "json"], ""),
            _ => Completion.None,
        };
    }

    private Completion CompleteFirst(int start, string typed)
    {
        Completion verbs = Choose(start, typed, ShellVerb.All, " ");
        Completion interfaces = Choose(start, typed, names.Interfaces, ".");

        return (verbs.Candidates.Count, interfaces.Candidates.Count) switch
        {
            (_, 0) => verbs,
            (0, _) => interfaces,
            _ => new Completion(start, [.. verbs.Candidates, .. interfaces.Candidates], ""),
        };
    }

    private static Completion Choose(int start, string typed, IEnumerable<string> words, string suffix) =>
        new(start, [.. words.Where(word => word.StartsWith(typed, StringComparison.Ordinal))], suffix);
}
