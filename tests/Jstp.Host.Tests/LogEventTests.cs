using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Jstp.Actors.Hosting;
using Jstp.Client;
using Jstp.Transport.WebSockets;
using Microsoft.Extensions.Logging;

namespace Jstp.Host.Tests;

/// <summary>An alarm is set on the number of an event: each number means one thing, and the operators' page says which.</summary>
public sealed partial class LogEventTests
{
    private static readonly Assembly[] Assemblies =
        [typeof(WebSocketServerOptions).Assembly, typeof(JstpServer).Assembly, typeof(ModuleLoader).Assembly, typeof(JstpClient).Assembly];

    private static readonly (int Number, LogLevel Level, string Method)[] Events =
    [
        .. from assembly in Assemblies
           from type in assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           let message = method.GetCustomAttribute<LoggerMessageAttribute>()
           where message is not null
           select (message.EventId, message.Level, $"{type.Name}.{method.Name}"),
    ];

    [Fact]
    public void Numbers_OfAllEvents_AreUnique()
    {
        string[] shared =
        [
            .. Events.GroupBy(static entry => entry.Number)
                .Where(static group => group.Count() > 1)
                .Select(static group => $"{group.Key}: {string.Join(", ", group.Select(static entry => entry.Method))}"),
        ];

        Assert.NotEmpty(Events);
        Assert.Empty(shared);
    }

    [Fact]
    public void OperationsPage_ListsEveryEventWithItsLevel()
    {
        string[] listed = [.. ReadListed().Select(static entry => $"{entry.Number} {entry.Level}").Order(StringComparer.Ordinal)];
        string[] logged = [.. Events.Select(static entry => $"{entry.Number} {entry.Level}").Order(StringComparer.Ordinal)];

        Assert.Equal(logged, listed);
    }

    private static IEnumerable<(int Number, string Level)> ReadListed()
    {
        string page = Path.Combine(Path.GetDirectoryName(SourcePath())!, "../../docs/operations.md");

        foreach (Match row in Row().Matches(File.ReadAllText(page)))
        {
            foreach (string number in row.Groups["numbers"].Value.Split(", "))
            {
                yield return (int.Parse(number, CultureInfo.InvariantCulture), row.Groups["level"].Value);
            }
        }
    }

    private static string SourcePath([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"^\| (?<numbers>\d{4}(, \d{4})*) \| (?<level>[A-Z][a-z]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
