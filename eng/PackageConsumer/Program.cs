using System.Diagnostics;
using System.Net;
using Jstp;
using Jstp.Actors.Applications;
using Jstp.Actors.Hosting;
using Jstp.Client;
using Jstp.Client.Connections;
using PackageConsumer;

(string feed, string version, string tool) = (args[0], args[1], args[2]);
int passed = 0;
int failed = 0;

Report("Jstp.Transport has what a library needs", PackageContent.FaultsOfLibrary(feed, "Jstp.Transport", version));
Report("Jstp.Actors has what a library needs", PackageContent.FaultsOfLibrary(feed, "Jstp.Actors", version));
Report("Jstp.Client has what a library needs", PackageContent.FaultsOfLibrary(feed, "Jstp.Client", version, "analyzers/dotnet/cs/Jstp.Generators.dll"));
Report("Jstp.Cli has what a tool needs", PackageContent.FaultsOfTool(feed, "Jstp.Cli", version));

var greeter = JstpApplication.Create("greeter", "1.0.0", application => application
    .AddInterface("greeter", greeter => greeter.Method("hello", (string name) => $"Hello, {name}!")));
await using JstpListener listener = Ws.CreateServer([greeter]);
IPEndPoint endPoint = await listener.ListenAsync(0, IPAddress.Loopback);
string url = $"ws://{endPoint}/";

await using (JstpClientConnection connection = await JstpClient.ConnectAsync("greeter@^1.0.0", null, url))
{
    string answer = await connection.GetProxy("greeter").CallAsync<string>("hello", "package");
    Report("the client calls the server", answer == "Hello, package!" ? [] : [$"it answered {answer}"]);

    string typed = await connection.GetProxy<IGreeter>().HelloAsync("proxy");
    Report("the generator comes with the client", typed == "Hello, proxy!" ? [] : [$"it answered {typed}"]);
}

var start = new ProcessStartInfo(tool, ["call", "greeter", "hello", "'tool'", "--url", url, "--app", "greeter"]) { RedirectStandardOutput = true };
using Process process = Process.Start(start)!;
string output = await process.StandardOutput.ReadToEndAsync();
await process.WaitForExitAsync();
Report("the tool calls the server", process.ExitCode == 0 && output == "'Hello, tool!'\n" ? [] : [$"exit code {process.ExitCode}, output {output}"]);

Console.WriteLine($"{passed} passed, {failed} failed, 0 skipped");

return failed == 0 ? 0 : 1;

void Report(string claim, IReadOnlyList<string> faults)
{
    if (faults.Count == 0)
    {
        passed++;
        return;
    }

    failed++;
    Console.WriteLine($"FAILED {claim}: {string.Join("; ", faults)}");
}
