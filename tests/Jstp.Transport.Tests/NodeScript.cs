using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Jstp.Transport.Tests;

/// <summary>Runs a script of the <c>Node</c> folder beside this file, with the npm packages that are pinned there.</summary>
internal static class NodeScript
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Lazy<string> Folder = new(InstallPackages);

    /// <summary>Feeds the input to the script and returns what it prints; a script that fails is a failed test with its error text.</summary>
    public static string Run(string script, string input) => Execute("node", [script], Folder.Value, input);

    private static string InstallPackages()
    {
        string folder = Path.Combine(SourceFolder(), "Node");

        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            Execute("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, input: "");
        }

        return folder;
    }

    private static string Execute(string program, string[] arguments, string folder, string input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };

        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();

        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} did not end within {Patience}.");
        }

        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors.Result}");
        return output.Result;
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
