namespace Jstp.Actors.Applications.Dispatch;

/// <summary>Counts the arguments that a method declares, without connection and cancellation token (protocol page, section 6, check 4).</summary>
internal sealed class ArityBuilder
{
    public int Minimum { get; private set; }

    public int Maximum { get; private set; }

    public void AddRequired()
    {
        Maximum = Extend(1);
        Minimum = Maximum; // an optional parameter before a required one must be given after all
    }

    public void AddOptional() => Maximum = Extend(1);

    public void AddRest() => Maximum = int.MaxValue;

    private int Extend(int count) => Maximum == int.MaxValue ? Maximum : Maximum + count;
}
