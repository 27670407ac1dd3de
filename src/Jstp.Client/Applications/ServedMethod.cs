namespace Jstp.Client.Applications;

/// <summary>A method as it is called: how many arguments it takes, and what it does.</summary>
internal sealed record ServedMethod(int MinCount, int MaxCount, JstpClientMethod Invoke)
{
    public bool Accepts(int count) => count >= MinCount && count <= MaxCount;
}
