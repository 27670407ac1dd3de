using System.Diagnostics;

namespace Jstp.Cluster.Tests.Topology;

/// <summary>Runs programs that end by themselves.</summary>
internal static class Command
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs a program and returns what it prints.</summary>
    /// <exception cref="InvalidOperationException">It failed; its error text is the message.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };

        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);

        return process.ExitCode == 0
            ? await output.WaitAsync(Patience)
            : throw new InvalidOperationException($"{program} {string.Join(' ', start.ArgumentList)}: {await errors.WaitAsync(Patience)}");
    }
}
