using System.Diagnostics;
using System.Globalization;
using Jstp.TestKit;

namespace Jstp.Cli.Tests.Support;

/// <summary>The built tool in a process of its own, ended by its own process id.</summary>
internal sealed class ToolProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ToolProcess(Process process) => _process = process;

    public static ToolProcess Start(CliServer server, string application, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CliApplication).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["JSTP_URL"] = server.Url, ["JSTP_APP"] = application },
        };

        return new ToolProcess(Process.Start(start)!);
    }

    /// <summary>Gives it input, which then ends.</summary>
    public async Task WriteAsync(string input)
    {
        await _process.StandardInput.WriteAsync(input);
        _process.StandardInput.Close();
    }

    /// <summary>The next line of its output.</summary>
    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync().WithinLimitAsync("a line of the tool");

    /// <summary>Asks it to end as Ctrl-C does.</summary>
    public void Interrupt()
    {
        using Process kill = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>What it leaves, once it has ended.</summary>
    public async Task<ToolResult> ExitAsync()
    {
        Task<string> output = _process.StandardOutput.ReadToEndAsync();
        Task<string> error = _process.StandardError.ReadToEndAsync();
        await _process.WaitForExitAsync().WithinLimitAsync("the end of the tool");

        return new ToolResult(_process.ExitCode, await output, await error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
