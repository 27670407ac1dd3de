namespace Jstp.Client;

/// <summary>What a trimmed or natively compiled program is told that uses what it cannot have.</summary>
internal static class RunTimeTypes
{
    public const string Message = "Values are converted by types that are looked at when the program runs. Typed proxies, and the overloads for generated code, do without.";
}
