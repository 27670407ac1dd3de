using System.Text;
using Jstp.LoadGenerator.Measurement;
using Jstp.LoadGenerator.Report;

namespace Jstp.LoadGenerator.Tests;

public sealed class RunnerTests
{
    [Fact]
    public void MeasureCalls_RightAnswers_CountsThem()
    {
        RunResult result = Run(text => Frame(RightAnswer(text)));

        Assert.Null(result.FirstError);
        Assert.True(result.Calls!.Count > 0);
        Assert.InRange(result.Calls.P50Microseconds, 0.1, result.Calls.MaxMicroseconds);
    }

    [Fact]
    public void MeasureCalls_FragmentedAnswersBetweenPings_CountsThem()
    {
        RunResult result = Run(text =>
        {
            if (text == "are you there")
            {
                return []; // the pong that the client owes
            }

            if (text.StartsWith("{handshake", StringComparison.Ordinal))
            {
                return Frame(RightAnswer(text));
            }

            byte[] answer = Encoding.UTF8.GetBytes(RightAnswer(text));
            byte[] first = [0x01, 5, .. answer[..5]];
            byte[] ping = [0x89, 13, .. "are you there"u8];
            return [.. first, .. ping, 0x80, (byte)(answer.Length - 5), .. answer[5..]];
        });

        Assert.Null(result.FirstError);
        Assert.True(result.Calls!.Count > 0);
    }

    [Fact]
    public void MeasureCalls_WrongPayload_IsAnError()
    {
        RunResult result = Run(text => Frame(RightAnswer(text).Replace("'abcd'", "'abce'", StringComparison.Ordinal)), seconds: "0.05");

        Assert.StartsWith("Not an answer: {callback:[1],ok:['abce']}", result.FirstError, StringComparison.Ordinal);
    }

    [Fact]
    public void MeasureCalls_AnswerTwice_IsAnError()
    {
        RunResult result = Run(text => text.StartsWith("{call:[3,", StringComparison.Ordinal)
            ? [.. Frame(RightAnswer(text)), .. Frame(RightAnswer(text))]
            : Frame(RightAnswer(text)));

        Assert.Equal("An answer to call 3, which is not outstanding.", result.FirstError);
    }

    [Fact]
    public void MeasureCalls_CloseFrame_IsAnError()
    {
        RunResult result = Run(text => text.StartsWith("{handshake", StringComparison.Ordinal) ? Frame(RightAnswer(text)) : [0x88, 0]);

        Assert.Equal("The server sent a close frame.", result.FirstError);
    }

    [Fact]
    public void MeasureCalls_HandshakeRefused_Throws()
    {
        LoadException e = Assert.Throws<LoadException>(() => Run(_ => Frame("{handshake:[0],error:[10]}")));

        Assert.Equal("The server refused the handshake: {handshake:[0],error:[10]}", e.Message);
    }

    [Fact]
    public void MeasureIdle_OwnProcess_ReadsItsMemory()
    {
        using var server = new ScriptedServer(text => Frame(RightAnswer(text)));
        string pid = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);

        RunResult result = Runner.MeasureIdle(LoadOptions.Parse(
            ["idle", "--url", server.Url, "--connections", "1", "--baseline", "0", "--seconds", "0", "--server-pid", pid]));

        Assert.Null(result.FirstError);
        Assert.InRange(result.Memory!.ProportionalBefore, 1, result.Memory.ResidentBefore);
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(1, "Call 1 was answered before all of its events had come.")]
    public void MeasureCalls_CallsThatDrawEvents_CountsAndChecksThem(int sent, string? error)
    {
        int magnitude = 0;
        using var server = new ScriptedServer(text => text.StartsWith("{handshake", StringComparison.Ordinal)
            ? Frame(RightAnswer(text))
            : [
                .. Enumerable.Range(0, sent).SelectMany(number => Frame($"{{event:[-{++magnitude},'events'],tick:[{number}]}}")),
                .. Frame(text.Replace("{call:", "{callback:", StringComparison.Ordinal).Replace(",'events'],burst:", "],ok:", StringComparison.Ordinal)),
            ]);

        RunResult result = Runner.MeasureCalls(LoadOptions.Parse(
            ["load", "--url", server.Url, "--connections", "1", "--outstanding", "1", "--events", "2", "--sleep", "yes", "--warmup", "0", "--seconds", "0.2"]));

        Assert.Equal(error, result.FirstError);
        const double Rounding = 0.2; // both rates are rounded to a tenth, and one of them is doubled
        Assert.True(error is not null || result.Calls!.EventsPerSecond + Rounding >= 2 * result.Calls.PerSecond);
    }

    private static RunResult Run(Func<string, byte[]> answer, string seconds = "0.2")
    {
        using var server = new ScriptedServer(answer);

        return Runner.MeasureCalls(LoadOptions.Parse(
            ["load", "--url", server.Url, "--connections", "1", "--outstanding", "4", "--payload", "4", "--warmup", "0", "--seconds", seconds]));
    }

    private static byte[] Frame(string text) => WireTests.ServerTextFrame(Encoding.UTF8.GetBytes(text));

    private static string RightAnswer(string text) => text.StartsWith("{handshake", StringComparison.Ordinal)
        ? "{handshake:[0],ok:'session'}"
        : text.Replace("{call:", "{callback:", StringComparison.Ordinal)
            .Replace(",'echo'],value:", "],ok:", StringComparison.Ordinal);
}
