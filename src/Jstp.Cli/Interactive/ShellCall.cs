namespace Jstp.Cli.Interactive;

/// <summary>A method or event of a line, and the text of its arguments.</summary>
internal sealed record ShellCall(string InterfaceName, string Name, string Arguments)
{
    /// <summary>Reads <c>interface.method(args)</c>; the last dot before the parenthesis parts the names.</summary>
    /// <returns>Null if the line is something else.</returns>
    public static ShellCall? TryParse(string line)
    {
        int open = line.IndexOf('(', StringComparison.Ordinal);

        if (open < 0 || line[^1] != ')' || line.AsSpan(0, open).ContainsAny(' ', '\''))
        {
            return null;
        }

        int dot = line.LastIndexOf('.', open);

        return dot > 0 && dot < open - 1 ? new ShellCall(line[..dot], line[(dot + 1)..open], line[(open + 1)..^1]) : null;
    }
}
