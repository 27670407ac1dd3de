namespace Jstp.Actors.Applications.Dispatch;

/// <summary>A method or event handler that clients can reach: its name, how many arguments it takes, and how to run it.</summary>
internal sealed record JstpMethod(string Name, int MinimumArguments, int MaximumArguments, TargetSource Target, MethodInvoker Invoke)
{
    public bool Accepts(int argumentCount) => argumentCount >= MinimumArguments && argumentCount <= MaximumArguments;
}
