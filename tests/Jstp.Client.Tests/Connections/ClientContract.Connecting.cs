using Jstp.Client.Authentication;
using Jstp.Client.Connections;
using Jstp.TestKit;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Tests.Connections;

// How a connection comes about, and what inspecting finds.
public abstract partial class ClientContract
{
    [Theory]
    [InlineData("conformance", "2.0.0")]
    [InlineData("conformance@^1.0.0", "1.2.0")]
    [InlineData("conformance@1.0.0", "1.0.0")]
    public async Task Connect_Version_IsServedByIt(string application, string version)
    {
        await using JstpClientConnection connection = await ConnectAsync(application: application);

        Assert.Equal(version, await connection.GetProxy("version").CallAsync<string>("current").WithinLimitAsync("the version"));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("conformance@9.x")]
    public async Task Connect_UnknownApplication_Throws(string application)
    {
        JstpException error = await Assert.ThrowsAsync<JstpException>(() => ConnectAsync(application: application).WithinLimitAsync("the refusal"));

        Assert.Equal(JstpErrorCode.ApplicationNotFound, error.Code);
    }

    [Fact]
    public async Task Connect_Policies_MakeTheUserKnown()
    {
        Assert.Null(await UserNameAsync(JstpConnectPolicy.Anonymous));
        Assert.Equal("alice", await UserNameAsync(JstpConnectPolicy.Login("alice", "wonderland")));
        Assert.Equal("token-user", await UserNameAsync(JstpConnectPolicy.Custom("token", MdsfValue.Parse("['t0ken']"))));
        Assert.Equal("alice", await UserNameAsync(JstpConnectPolicy.From(static async (_, _) =>
        {
            await Task.Yield();

            return JstpCredentials.Login("alice", "wonderland");
        })));
    }

    [Fact]
    public async Task Connect_WrongCredentials_ThrowsTheServersError()
    {
        JstpException refused = await Assert.ThrowsAsync<JstpException>(() => UserNameAsync(JstpConnectPolicy.Login("alice", "?")));
        JstpException banned = await Assert.ThrowsAsync<JstpException>(() => UserNameAsync(JstpConnectPolicy.Custom("token", MdsfValue.Parse("['banned']"))));

        Assert.Equal(JstpErrorCode.AuthenticationFailed, refused.Code);
        Assert.Equal((1001, "Account is suspended"), (banned.Code, banned.Message));
    }

    [Fact]
    public async Task ConnectAndInspect_Interfaces_ListsTheirMethods()
    {
        JstpInspectedConnection inspected = await JstpClient.ConnectAndInspectAsync(Application, Options(), ["calculator", "echo"], server.Url).WithinLimitAsync("the inspection");
        await using JstpClientConnection connection = inspected.Connection;

        Assert.Equal(["answer", "add", "divide"], inspected.Api["calculator"].MethodNames);
        Assert.Equal(3, await inspected.Api["calculator"].CallAsync<double>("divide", 6, 2).WithinLimitAsync("the quotient"));
    }

    [Fact]
    public async Task ConnectAndInspect_UnknownInterface_ThrowsAndTheConnectionStays()
    {
        JstpInspectFailedException error = await Assert.ThrowsAsync<JstpInspectFailedException>(
            () => JstpClient.ConnectAndInspectAsync(Application, Options(), ["calculator", "nowhere"], server.Url).WithinLimitAsync("the failure"));
        await using JstpClientConnection connection = error.Connection;

        Assert.Equal("nowhere", error.InterfaceName);
        Assert.Equal(42, await connection.GetProxy("calculator").CallAsync<int>("answer").WithinLimitAsync("the answer"));
    }
}
