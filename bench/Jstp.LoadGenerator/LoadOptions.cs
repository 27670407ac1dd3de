using System.Buffers;
using System.Globalization;
using Jstp.LoadGenerator.Wire;

namespace Jstp.LoadGenerator;

/// <summary>What the command line asks for.</summary>
internal sealed record LoadOptions
{
    public const string Usage = """
        Usage:
          load   --url ws://127.0.0.1:PORT/ [options]   keeps calls outstanding and prints one line of JSON
          idle   --url ws://127.0.0.1:PORT/ [options]   opens connections, holds them, and prints what they cost the server
          report FILE                                   prints Markdown tables from such lines
          report-stores FILE                            likewise, of one node with several stores: --server "store, mode"

        Options:
          --protocol jstp|signalr|echo   what to speak; the default is jstp
          --app NAME                     jstp: the application, name or name@range, default conformance
          --method INTERFACE.METHOD      jstp: a method that answers its only argument, a string; default echo.value
          --connections N                default 100; idle: those that are counted, default 10000
          --outstanding N                calls on their way per connection, default 16
          --payload BYTES                length of the string in a call, 0 to 8192, default 16
          --events N                     each call draws this many events, 1 to 1000, in place of a string
          --sleep yes|no                 sleep while nothing is to do: for servers that share the generator's core
          --warmup SECONDS               before the measurement, default 2
          --seconds SECONDS              of measurement, default 5; idle: of settling before memory is read
          --baseline N                   idle: connections opened before the first reading, default 100
          --server-pid PID               whose processor time (load) or memory (idle) to read, children included
          --database-pid PID             likewise, the processor time of the database
          --server NAME --scenario NAME  copied to the output
        """;

    private const int MaxPayloadLength = 8192; // servers begin to cut messages into fragments at 16 KiB
    private const int MaxOutstanding = 4096;
    private const int MaxEventCount = 1000; // a session may hold many more that nobody has acknowledged
    private const int DefaultIdleConnections = 10_000;

    private static readonly SearchValues<char> IdentifierCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$");

    public required string Command { get; init; }

    /// <summary>The file of the commands <c>report</c> and <c>report-stores</c>.</summary>
    public string ReportFile { get; private set; } = "";

    public Uri? Url { get; private set; }

    public string Protocol { get; private set; } = "jstp";

    /// <summary>The JSTP application, <c>name</c> or <c>name@range</c>.</summary>
    public string Application { get; private set; } = "conformance";

    /// <summary>The JSTP method, with its interface before a dot.</summary>
    public string Method { get; private set; } = "echo.value";

    public int Connections { get; private set; } = 100;

    public int Outstanding { get; private set; } = 16;

    /// <summary>Length in bytes of the string in a call.</summary>
    public int PayloadLength { get; private set; } = 16;

    /// <summary>How many events a call draws; 0 for a call that is answered with its string.</summary>
    public int EventCount { get; private set; }

    /// <summary>Whether the generator leaves its core to others while it has nothing to do.</summary>
    public bool Sleeps { get; private set; }

    public TimeSpan Warmup { get; private set; } = TimeSpan.FromSeconds(2);

    public TimeSpan Duration { get; private set; } = TimeSpan.FromSeconds(5);

    public int Baseline { get; private set; } = 100;

    public int? ServerProcessId { get; private set; }

    public int? DatabaseProcessId { get; private set; }

    public string Server { get; private set; } = "server";

    public string Scenario { get; private set; } = "scenario";

    /// <summary>Reads a command line.</summary>
    /// <exception cref="LoadException">It makes no sense; the message says why.</exception>
    public static LoadOptions Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
        {
            throw new LoadException("A command is missing.");
        }

        var options = new LoadOptions { Command = arguments[0] };

        switch (options.Command)
        {
            case "report" or "report-stores" when arguments.Count == 2:
                options.ReportFile = arguments[1];
                return options;

            case "load":
                break;

            case "idle":
                options.Connections = DefaultIdleConnections;
                break;

            default:
                throw new LoadException($"Unknown command: {string.Join(' ', arguments)}");
        }

        for (int i = 1; i < arguments.Count; i += 2)
        {
            options.Set(arguments[i], i + 1 < arguments.Count ? arguments[i + 1] : throw new LoadException($"{arguments[i]} needs a value."));
        }

        return options.Url is null ? throw new LoadException("--url is missing.") : options;
    }

    /// <summary>The texts of the chosen protocol.</summary>
    public CallScript CreateScript() => Protocol switch
    {
        "jstp" => EventCount > 0 ? CallScript.JstpEvents(EventCount, Application) : CallScript.Jstp(PayloadLength, Application, Method),
        "signalr" => CallScript.SignalR(PayloadLength),
        _ => CallScript.Echo(PayloadLength),
    };

    private void Set(string name, string value)
    {
        switch (name)
        {
            case "--url" when Uri.TryCreate(value, UriKind.Absolute, out Uri? url): Url = url; break;
            case "--protocol" when value is "jstp" or "signalr" or "echo": Protocol = value; break;
            case "--app" when IsPlain(value): Application = value; break;
            case "--method" when IsPlain(value) && value.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && IsIdentifier(value.AsSpan(dot + 1)): Method = value; break;
            case "--connections": Connections = Count(name, value, 1, int.MaxValue); break;
            case "--outstanding": Outstanding = Count(name, value, 1, MaxOutstanding); break;
            case "--payload": PayloadLength = Count(name, value, 0, MaxPayloadLength); break;
            case "--events": EventCount = Count(name, value, 1, MaxEventCount); break;
            case "--sleep" when value is "yes" or "no": Sleeps = value == "yes"; break;
            case "--warmup": Warmup = Seconds(name, value); break;
            case "--seconds": Duration = Seconds(name, value); break;
            case "--baseline": Baseline = Count(name, value, 0, int.MaxValue); break;
            case "--server-pid": ServerProcessId = Count(name, value, 1, int.MaxValue); break;
            case "--database-pid": DatabaseProcessId = Count(name, value, 1, int.MaxValue); break;
            case "--server": Server = value; break;
            case "--scenario": Scenario = value; break;
            default: throw new LoadException($"Not understood: {name} {value}");
        }
    }

    // What stands between quotes in a message as it is: texts are made once, by putting bytes together.
    private static bool IsPlain(string name) => name.Length > 0 && name.All(static c => c is > ' ' and < '\x7F' and not ('\'' or '\\'));

    private static bool IsIdentifier(ReadOnlySpan<char> name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.IndexOfAnyExcept(IdentifierCharacters) < 0;

    private static int Count(string name, string value, int min, int max) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= min && count <= max
            ? count
            : throw new LoadException($"{name} takes a number from {min} to {max}, not {value}.");

    private static TimeSpan Seconds(string name, string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0 and <= 3600
            ? TimeSpan.FromSeconds(seconds)
            : throw new LoadException($"{name} takes seconds from 0 to 3600, not {value}.");
}
