namespace Jstp.Transport.Mdsf;

/// <summary>What a trimmed or natively compiled program is told that uses what it cannot have.</summary>
internal static class RunTimeTypes
{
    public const string Message = "Types are looked at when the program runs. MdsfConverters, of which generated code is made, does without.";
}
