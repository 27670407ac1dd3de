using System.Text.Json;
using Jstp.Generators.Parsing;

namespace Jstp.Generators.Tests;

/// <summary>Names on the server come about as our server makes them, which asks System.Text.Json.</summary>
public sealed class NamingTests
{
    [Theory]
    [InlineData("Send")]
    [InlineData("send")]
    [InlineData("A")]
    [InlineData("AB")]
    [InlineData("ABc")]
    [InlineData("IOStream")]
    [InlineData("URL")]
    [InlineData("URLOf")]
    [InlineData("Ünder")]
    [InlineData("X1Y")]
    [InlineData("X_Y")]
    [InlineData("_Private")]
    [InlineData("ΣΑ")]
    public void CamelCase_Name_IsThatOfTheSerializer(string name) =>
        Assert.Equal(JsonNamingPolicy.CamelCase.ConvertName(name), JstpNaming.CamelCase(name));

    [Theory]
    [InlineData("IChat", "chat")]
    [InlineData("IChatInterface", "chat")]
    [InlineData("Image", "image")]
    [InlineData("IInterface", "interface")]
    [InlineData("I", "i")]
    public void InterfaceName_OfTheCode_LosesWhatTheServerDoesNotSay(string name, string expected) =>
        Assert.Equal(expected, JstpNaming.InterfaceName(name));

    [Theory]
    [InlineData("SendAsync", "send")]
    [InlineData("Send", "send")]
    [InlineData("Async", "async")]
    public void MethodName_OfTheCode_LosesAsync(string name, string expected) => Assert.Equal(expected, JstpNaming.MethodName(name));
}
