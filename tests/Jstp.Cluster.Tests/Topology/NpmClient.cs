using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Jstp.TestKit;

namespace Jstp.Cluster.Tests.Topology;

/// <summary>The real client, <c>@metarhia/jstp</c>, in a process of its own that the script <c>Node/client.js</c> runs.</summary>
internal sealed class NpmClient : IAsyncDisposable
{
    private static readonly Lazy<Task> s_packages = new(InstallPackagesAsync);

    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _requests = new();
    private readonly Process _process;
    private int _lastRequest;

    private NpmClient(Process process) => _process = process;

    /// <summary>The id of its session.</summary>
    public string SessionId { get; private set; } = "";

    /// <summary>Starts a client and connects it.</summary>
    /// <param name="server">The node or load balancer.</param>
    /// <param name="user">Who logs in; null for nobody.</param>
    public static async Task<NpmClient> ConnectAsync(IPEndPoint server, string? user = null)
    {
        await s_packages.Value;
        var start = new ProcessStartInfo("node", [Path.Combine(SourceFolder(), "..", "Node", "client.js")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        var client = new NpmClient(process);
        process.OutputDataReceived += (_, line) => client.OnLine(line.Data);
        process.BeginOutputReadLine();

        try
        {
            client.SessionId = (await client.DoAsync("connect", $"ws://{server}/", "cluster", user)).GetString()!;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }

        return client;
    }

    /// <summary>Calls a method of the server; returns its results.</summary>
    public async Task<JsonElement[]> CallAsync(string interfaceName, string method, params object?[] arguments) =>
        [.. (await DoAsync("call", [interfaceName, method, .. arguments])).EnumerateArray()];

    /// <summary>Loses the connection, as by a network that is gone; the client comes back by itself.</summary>
    public Task CutAsync() => DoAsync("cut");

    /// <summary>How often the client has come back.</summary>
    public async Task<int> CountReconnectsAsync() => (await DoAsync("reconnects")).GetInt32();

    /// <summary>The events that have come, each as its interface, its name and its arguments.</summary>
    public async Task<string[]> EventsAsync() =>
        [.. (await DoAsync("events")).EnumerateArray().Select(entry => string.Join(' ', entry.EnumerateArray()))];

    /// <summary>Completes when that many events have come.</summary>
    public Task<string[]> EventsAsync(int count) => UntilAsync(EventsAsync, events => events.Length >= count, $"{count} events");

    /// <summary>Completes when the client has come back that often.</summary>
    public Task ReconnectedAsync(int times) => UntilAsync(CountReconnectsAsync, count => count >= times, $"reconnection {times}");

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WithinLimitAsync("the end of the client");
        _process.Dispose();
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> condition, string awaited)
    {
        long start = Stopwatch.GetTimestamp();
        T seen = await look();

        while (!condition(seen))
        {
            if (Stopwatch.GetElapsedTime(start) > Patience.Limit)
            {
                throw new TestKitException($"Waited in vain for {awaited}; there is {JsonSerializer.Serialize(seen)}.");
            }

            await Task.Delay(5);
            seen = await look();
        }

        return seen;
    }

    private static async Task InstallPackagesAsync()
    {
        string folder = Path.GetFullPath(Path.Combine(SourceFolder(), "..", "..", "Interop"));
        string installed = Path.Combine(folder, "node_modules", ".installed-lock.json");
        string lockFile = Path.Combine(folder, "package-lock.json");

        if (!File.Exists(installed) || await File.ReadAllTextAsync(installed) != await File.ReadAllTextAsync(lockFile))
        {
            await Command.RunAsync("npm", ["--prefix", folder, "ci", "--no-progress", "--loglevel=error"]);
            File.Copy(lockFile, installed, overwrite: true);
        }
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private async Task<JsonElement> DoAsync(string command, params object?[] arguments)
    {
        int number = Interlocked.Increment(ref _lastRequest);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests[number] = answer;
        string line = JsonSerializer.Serialize<object?[]>([number, command, .. arguments]);

        lock (_requests)
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }

        return await answer.Task.WithinLimitAsync($"the client's answer to {command}");
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            foreach (TaskCompletionSource<JsonElement> open in _requests.Values)
            {
                open.TrySetException(new InvalidOperationException("The client has ended."));
            }

            return;
        }

        JsonElement[] answer = [.. JsonDocument.Parse(line).RootElement.EnumerateArray()];

        if (!_requests.TryRemove(answer[0].GetInt32(), out TaskCompletionSource<JsonElement>? request))
        {
            return;
        }

        if (answer[1].ValueKind == JsonValueKind.Null)
        {
            request.SetResult(answer.Length > 2 ? answer[2] : default);
        }
        else
        {
            request.SetException(new InvalidOperationException($"The client answered: {answer[1]}"));
        }
    }
}
