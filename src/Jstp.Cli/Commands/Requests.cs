using Jstp.Cli.Connections;
using Jstp.Cli.Output;
using Jstp.Transport.Mdsf;
using Spectre.Console;

namespace Jstp.Cli.Commands;

/// <summary>What commands and lines of the interactive mode ask the server, and how they show the answer.</summary>
internal static class Requests
{
    /// <summary>Asks for the methods of interfaces, all at once, and writes them in the order of the interfaces.</summary>
    /// <returns>The methods by interface.</returns>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> InspectAsync(
        CliSession session, IReadOnlyCollection<string> interfaces, CliConsole console, ResultWriter results, CancellationToken cancellationToken)
    {
        string[] names = [.. interfaces.Distinct()];
        IReadOnlyList<string>[] methods = await Task.WhenAll(names.Select(name => InspectAsync(session, name, cancellationToken)));
        var found = names.Zip(methods).ToDictionary(static pair => pair.First, static pair => pair.Second, StringComparer.Ordinal);

        if (results.IsForPeople)
        {
            Draw(console, names, found);
        }
        else
        {
            results.Write(MdsfValue.CreateObject(names.Select(name => KeyValuePair.Create(
                name, MdsfValue.CreateArray(found[name].Select(MdsfValue.FromString))))));
        }

        return found;
    }

    /// <summary>Asks for the methods of one interface.</summary>
    public static Task<IReadOnlyList<string>> InspectAsync(CliSession session, string interfaceName, CancellationToken cancellationToken) =>
        session.WithinTimeoutAsync(token => session.Connection.InspectAsync(interfaceName, token), $"inspect {interfaceName}", cancellationToken);

    /// <summary>Calls a method and writes its results.</summary>
    public static async Task CallAsync(
        CliSession session, string interfaceName, string method, MdsfValue[] arguments, ResultWriter results, CancellationToken cancellationToken)
    {
        IReadOnlyList<MdsfValue> values = await session.WithinTimeoutAsync(
            token => session.Connection.CallAsync(interfaceName, method, arguments, token), $"call {interfaceName}.{method}", cancellationToken);

        foreach (MdsfValue value in values)
        {
            results.Write(value);
        }
    }

    /// <summary>Sends an event, and waits until the server has it.</summary>
    public static async Task EmitAsync(
        CliSession session, string interfaceName, string eventName, MdsfValue[] arguments, CancellationToken cancellationToken) =>
        await session.WithinTimeoutAsync(
            async token =>
            {
                await session.Connection.EmitAsync(interfaceName, eventName, arguments, token);

                return await session.Connection.PingAsync(token);
            },
            $"emit {interfaceName}.{eventName}",
            cancellationToken);

    private static void Draw(CliConsole console, string[] names, Dictionary<string, IReadOnlyList<string>> found)
    {
        foreach (string name in names)
        {
            var tree = new Tree(new Text(TerminalText.Clean(name), new Style(Color.Teal)));

            foreach (string method in found[name])
            {
                tree.AddNode(new Text(TerminalText.Clean(method)));
            }

            console.Draw(tree);
        }
    }
}
