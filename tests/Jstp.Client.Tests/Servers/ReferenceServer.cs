using System.Diagnostics;
using System.Runtime.CompilerServices;
using Jstp.TestKit;

namespace Jstp.Client.Tests.Servers;

/// <summary>The reference server on Node.js, in a process of its own that is ended by its own process id.</summary>
public sealed class ReferenceServer : IServer
{
    private const string Ready = "Listening on ";

    private static readonly Lazy<string> Folder = new(InstallPackages);

    private Process? _process;

    public Uri Url { get; private set; } = null!;

    public Task InitializeAsync() => StartAsync("reference/conformance-server.js");

    public async Task DisposeAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task StartAsync(string script)
    {
        _process = Process.Start(new ProcessStartInfo("node", [script]) { WorkingDirectory = Folder.Value, RedirectStandardOutput = true })!;
        string? line = await _process.StandardOutput.ReadLineAsync().WithinLimitAsync("the line of a reference server that is ready");
        Assert.StartsWith(Ready, line, StringComparison.Ordinal);
        Url = new Uri(line![Ready.Length..]);
    }

    // The same packages, by the same rule, as tests/Interop/run.sh.
    private static string InstallPackages()
    {
        string folder = Path.GetFullPath(Path.Combine(SourceFolder(), "../../Interop"));
        string wanted = Path.Combine(folder, "package-lock.json");
        string installed = Path.Combine(folder, "node_modules", ".installed-lock.json");

        if (!File.Exists(installed) || !File.ReadAllBytes(installed).AsSpan().SequenceEqual(File.ReadAllBytes(wanted)))
        {
            using Process npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-progress", "--loglevel=error"]) { WorkingDirectory = folder })!;
            npm.WaitForExit();
            Assert.Equal(0, npm.ExitCode);
            File.Copy(wanted, installed, overwrite: true);
        }

        return folder;
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
