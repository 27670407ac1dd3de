using System.Reflection;
using System.Runtime.CompilerServices;
using Jstp.Actors.Hosting;
using Jstp.Client;
using Jstp.Transport.Mdsf;

namespace Jstp.PublicApi.Tests;

/// <summary>What a library shows is what its listing in <c>api/</c> says, so that every change of it is seen in review.</summary>
public sealed class PublicApiTests
{
    private const string UpdateVariable = "JSTP_UPDATE_API";
    private const string UpdateCommand = $"{UpdateVariable}=1 dotnet test tests/Jstp.PublicApi.Tests -c Release";

    [Theory]
    [InlineData(typeof(MdsfValue))]
    [InlineData(typeof(JstpServer))]
    [InlineData(typeof(JstpClient))]
    public void PublicApi_Assembly_IsAsListed(Type member)
    {
        Assembly assembly = member.Assembly;
        string path = Path.Combine(Root(), "api", $"{assembly.GetName().Name}.txt");
        string[] actual = ApiListing.Of(assembly);

        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(path, string.Join('\n', actual) + "\n");
        }

        string[] listed = File.Exists(path) ? File.ReadAllLines(path) : [];

        Assert.True(
            listed.SequenceEqual(actual),
            $"The public API of {assembly.GetName().Name} differs from {path}. If that is what you want, write the listing anew, and read the difference:\n"
            + $"  {UpdateCommand}\n\n{string.Join('\n', LineDiff.Of(listed, actual))}");
    }

    [Fact]
    public void LineDiff_ChangedLine_IsShownBelowItsType() =>
        Assert.Equal(
            ["  class B", "-     int One", "+     int Two"],
            LineDiff.Of(["class A", "    int Zero", "class B", "    int One"], ["class A", "    int Zero", "class B", "    int Two"]));

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
