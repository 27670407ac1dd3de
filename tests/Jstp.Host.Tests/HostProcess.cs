using System.Collections.Concurrent;
using System.Diagnostics;
using Jstp.TestKit;

namespace Jstp.Host.Tests;

/// <summary>The built Host in a process of its own, ended by its own process id.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Process _process;

    private HostProcess(Process process) => _process = process;

    /// <summary>What it wrote to standard error so far.</summary>
    public string Errors => string.Join('\n', _errors);

    public static HostProcess Start(string workingDirectory, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ModuleLoader).Assembly.Location, "--urls", "http://127.0.0.1:0", .. arguments])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        var host = new HostProcess(process);
        process.ErrorDataReceived += (_, line) => host._errors.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();

        return host;
    }

    /// <summary>The URL that WebSocket clients use, once the node is ready.</summary>
    public async Task<Uri> ReadyAsync()
    {
        string url = await ReadListeningAsync();
        Assert.StartsWith("ws://127.0.0.1:", url, StringComparison.Ordinal);

        return new Uri(url);
    }

    /// <summary>The next URL that the node says it listens on.</summary>
    public async Task<string> ReadListeningAsync()
    {
        string? line = await _process.StandardOutput.ReadLineAsync().WithinLimitAsync("the line of a node that is ready");
        Assert.StartsWith("Listening on ", line, StringComparison.Ordinal);

        return line!["Listening on ".Length..];
    }

    /// <summary>The exit code, once the process has ended.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WithinLimitAsync("the end of the Host");

        return _process.ExitCode;
    }

    /// <summary>Asks the process to end as an operator would.</summary>
    public void Terminate()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
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
