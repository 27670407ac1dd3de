namespace Jstp.Actors.Applications.Dispatch;

/// <summary>A method or event handler that clients can reach: its name, how many arguments it takes, how to run it, and whether to run it twice is harmless.</summary>
internal sealed record JstpMethod(
    string Name, int MinimumArguments, int MaximumArguments, TargetSource Target, MethodInvoker Invoke, bool IsSafeToRepeat)
{
    public bool Accepts(int argumentCount) => argumentCount >= MinimumArguments && argumentCount <= MaximumArguments;
}
