namespace Jstp.Cli.Interactive;

/// <summary>The first words of lines.</summary>
internal static class ShellVerb
{
    public const string Call = "call";
    public const string Emit = "emit";
    public const string Events = "events";
    public const string Exit = "exit";
    public const string Help = "help";
    public const string Inspect = "inspect";
    public const string Output = "output";
    public const string Ping = "ping";

    public static IReadOnlyList<string> All { get; } = [Call, Emit, Events, Exit, Help, Inspect, Output, Ping];
}
