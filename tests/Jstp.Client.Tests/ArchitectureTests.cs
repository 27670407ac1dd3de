namespace Jstp.Client.Tests;

/// <summary>Dependencies point down the list of design.md only.</summary>
public sealed class ArchitectureTests
{
    [Fact]
    public void Client_KnowsOnlyTheTransport()
    {
        string[] ours = [.. typeof(JstpClient).Assembly.GetReferencedAssemblies().Select(static name => name.Name!).Where(static name => name.StartsWith("Jstp", StringComparison.Ordinal))];

        Assert.Equal(["Jstp.Transport"], ours);
    }
}
