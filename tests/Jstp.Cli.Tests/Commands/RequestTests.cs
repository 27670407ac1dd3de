using Jstp.Cli.Tests.Support;
using Jstp.TestKit;
using Jstp.Transport.Mdsf;

namespace Jstp.Cli.Tests.Commands;

/// <summary>inspect, call, emit and ping: results on the output, in both forms.</summary>
public sealed class RequestTests(CliServer server) : IClassFixture<CliServer>
{
    [Theory]
    [InlineData("mdsf", "{calculator:['answer','add','divide'],echo:['value','many','nothing','asyncValue','size']}\n")]
    [InlineData("json", "{\"calculator\":[\"answer\",\"add\",\"divide\"],\"echo\":[\"value\",\"many\",\"nothing\",\"asyncValue\",\"size\"]}\n")]
    public async Task Inspect_TwoInterfaces_WritesTheirMethods(string output, string expected)
    {
        ToolResult result = await Tool.For(server).RunAsync("inspect", "calculator", "echo", "--output", output);

        Assert.Equal(new ToolResult(0, expected, ""), result);
    }

    [Fact]
    public async Task Inspect_UnknownInterface_IsARemoteError() =>
        Assert.Equal(new ToolResult(1, "", "jstp: Error 12: Interface not found\n"), await Tool.For(server).RunAsync("inspect", "nowhere"));

    [Theory]
    [InlineData("mdsf", "{a:'ü',c:[null,-1,null]}\n")]
    [InlineData("json", "{\"a\":\"ü\",\"c\":[null,-1,null]}\n")]
    public async Task Call_AnyValue_ComesBack(string output, string expected)
    {
        ToolResult result = await Tool.For(server).RunAsync("call", "echo", "value", "{a:'ü',b:undefined,c:[NaN,-1,null]}", "-o", output);

        Assert.Equal(new ToolResult(0, expected, ""), result);
    }

    [Fact]
    public async Task Call_NegativeNumber_IsNoOption() =>
        Assert.Equal(new ToolResult(0, "-1\n", ""), await Tool.For(server).RunAsync("call", "calculator", "add", "2", "-3"));

    [Fact]
    public async Task Call_SeveralResults_AreSeveralLines() =>
        Assert.Equal(new ToolResult(0, "1\n'two'\n[]\n", ""), await Tool.For(server).RunAsync("call", "echo", "many", "1", "'two'", "[]"));

    [Fact]
    public async Task Call_Error_IsTold() =>
        Assert.Equal(new ToolResult(1, "", "jstp: Error 1: Division by zero\n"), await Tool.For(server).RunAsync("call", "calculator", "divide", "1", "0"));

    [Fact]
    public async Task Call_NoAnswer_TimesOut()
    {
        var time = new ManualTimeProvider();
        Tool tool = new() { Time = time, Variables = { ["JSTP_URL"] = server.Url, ["JSTP_APP"] = "kit" } };
        Task<ToolResult> running = tool.RunAsync("call", "kit", "hang", "--timeout", "7");
        await server.Hanging.NextAsync();

        time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal(new ToolResult(4, "", "jstp: call kit.hang: no answer in 7 s.\n"), await running);
    }

    [Fact]
    public async Task Call_ConnectionLost_IsToldApart() =>
        Assert.Equal(6, (await Tool.For(server).RunAsync("call", "session", "drop")).Code);

    [Fact]
    public async Task Call_Interrupted_Ends()
    {
        using var interrupt = new CancellationTokenSource();
        Task<ToolResult> running = Tool.For(server, "kit").RunAsync("", interrupt.Token, "call", "kit", "hang");
        await server.Hanging.NextAsync();

        await interrupt.CancelAsync();

        Assert.Equal(new ToolResult(130, "", "jstp: Interrupted.\n"), await running);
    }

    [Fact]
    public async Task Emit_IsDoneWhenTheServerHasIt()
    {
        ToolResult result = await Tool.For(server, "kit").RunAsync("emit", "kit", "note", "{n:1}");

        Assert.Equal(new ToolResult(0, "", ""), result);
        Assert.Equal(MdsfValue.Parse("{n:1}"), await server.Notes.NextAsync());
    }

    [Fact]
    public async Task Ping_WritesEachTimeAndWhatTheyComeTo()
    {
        ToolResult result = await Tool.For(server).RunAsync("ping", "--count", "3", "--interval", "0");

        MdsfValue[] lines = [.. result.OutputLines.Select(static line => MdsfValue.Parse(line))];
        Assert.Equal(0, result.Code);
        Assert.Equal([1d, 2d, 3d], lines[..3].Select(static line => line["ping"].AsNumber()));
        double[] times = [.. lines[..3].Select(static line => line["ms"].AsNumber())];
        Assert.Equal(3, lines[3]["count"].AsNumber());
        Assert.Equal((times.Min(), times.Max(), times.Max()), (lines[3]["min"].AsNumber(), lines[3]["max"].AsNumber(), lines[3]["p99"].AsNumber()));
        Assert.InRange(lines[3]["avg"].AsNumber(), times.Min(), times.Max());
    }

    [Fact]
    public async Task Verbose_ShowsMessagesButNoSecrets()
    {
        ToolResult result = await Tool.For(server).RunAsync("call", "echo", "value", "1", "-v", "--login", "alice", "--password", "wonderland");

        Assert.Equal("1\n", result.Output);
        Assert.Contains("-> {call:[1,'echo'],value:[1]}\n<- {callback:[1],ok:[1]}\n", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("wonderland", result.Error, StringComparison.Ordinal);
    }
}
