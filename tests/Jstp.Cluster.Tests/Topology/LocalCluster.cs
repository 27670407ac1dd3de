using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;

namespace Jstp.Cluster.Tests.Topology;

/// <summary>The topology of <c>deploy/local-cluster.sh</c>: real nodes behind a real nginx, with a real PostgreSQL. Everything ends with it.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    // test.sh names a directory and sweeps it; whoever runs a scenario alone gets one beside all others.
    private static readonly string? s_root = Environment.GetEnvironmentVariable("JSTP_CLUSTER_DIRECTORY");
    private static int s_count;

    private readonly string _directory;
    private readonly Dictionary<string, TcpProxy> _proxies = new(StringComparer.Ordinal);
    private Dictionary<string, Member> _members = [];

    private LocalCluster(string directory) => _directory = directory;

    /// <summary>The load balancer.</summary>
    public IPEndPoint Balancer => _members["balancer"].Address;

    /// <summary>The names of the nodes.</summary>
    public IReadOnlyList<string> Nodes => [.. _members.Keys.Where(name => name.StartsWith("node", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>Starts a cluster.</summary>
    public static async Task<LocalCluster> StartAsync(ClusterOptions options)
    {
        string root = s_root ?? Path.Combine(Path.GetTempPath(), $"jstp-cluster-{Environment.ProcessId}");
        var cluster = new LocalCluster(Path.Combine(root, Interlocked.Increment(ref s_count).ToString(CultureInfo.InvariantCulture)));

        try
        {
            await cluster.UpAsync(options);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        return cluster;
    }

    /// <summary>A member as it is now.</summary>
    public Member this[string name] => _members[name];

    /// <summary>The proxy between a node and PostgreSQL.</summary>
    public TcpProxy ProxyOf(string node) => _proxies[node];

    /// <summary>Kills a member with SIGKILL.</summary>
    public Task KillAsync(string member) => ChangeAsync("kill", member);

    /// <summary>Starts a member that is down, and completes when it is ready.</summary>
    public Task StartAsync(string member) => ChangeAsync("start", member);

    /// <summary>Stops a member as an operator would; returns its exit code.</summary>
    public async Task<int> StopAsync(string member) => int.Parse(await ChangeAsync("stop", member), CultureInfo.InvariantCulture);

    /// <summary>Sends a signal to a member, such as STOP and CONT.</summary>
    public Task SignalAsync(string member, string signal) =>
        Command.RunAsync("kill", [$"-{signal}", _members[member].ProcessId!.Value.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>Asks PostgreSQL; columns are parted by tabs, rows by line ends.</summary>
    public async Task<string> QueryAsync(string sql)
    {
        IPEndPoint server = _members["postgres"].Address;
        string port = server.Port.ToString(CultureInfo.InvariantCulture);

        return (await Command.RunAsync("psql", ["-X", "-q", "-t", "-A", "-F", "\t", "-h", "127.0.0.1", "-p", port, "-U", "jstp", "-d", "jstp", "-c", sql])).Trim();
    }

    /// <summary>What a node has logged.</summary>
    public async Task<string> LogOfAsync(string member) => await File.ReadAllTextAsync(Path.Combine(_directory, member + ".log"));

    public async ValueTask DisposeAsync()
    {
        await ScriptAsync("down");

        foreach (TcpProxy proxy in _proxies.Values)
        {
            await proxy.DisposeAsync();
        }

        if (Environment.GetEnvironmentVariable("JSTP_CLUSTER_KEEP") is null)
        {
            Directory.Delete(_directory, recursive: true);

            if (s_root is null)
            {
                Directory.Delete(Path.GetDirectoryName(_directory)!);
            }
        }
    }

    private static string Repository([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));

    private async Task UpAsync(ClusterOptions options)
    {
        Directory.CreateDirectory(_directory);
        await ProxyAsync(options.NodesBehindProxy);
        string[] arguments =
        [
            $"--Jstp:Apps={typeof(Fixtures.FixtureModule).Assembly.Location}", $"--Jstp:Durability={options.Durability}", .. options.Arguments,
        ];
        await ScriptAsync(["up", options.NodeCount.ToString(CultureInfo.InvariantCulture), .. arguments]);
        await ReadStatusAsync();
    }

    // PostgreSQL's port is known only when it runs, but the nodes that are to use a proxy must be told before they start.
    private async Task ProxyAsync(IReadOnlyList<string> nodes)
    {
        foreach (string node in nodes)
        {
            TcpProxy proxy = TcpProxy.Start(() => new IPEndPoint(IPAddress.Loopback, ReadPort()));
            _proxies.Add(node, proxy);
            await File.WriteAllTextAsync(
                Path.Combine(_directory, $"{node}.arguments"),
                string.Create(CultureInfo.InvariantCulture, $"--Jstp:ConnectionString=Host=127.0.0.1;Port={proxy.Port};Username=jstp;Database=jstp\n"));
        }
    }

    private int ReadPort() => int.Parse(File.ReadAllText(Path.Combine(_directory, "postgres", "port")), CultureInfo.InvariantCulture);

    private async Task<string> ChangeAsync(string command, string member)
    {
        string output = await ScriptAsync(command, member);
        await ReadStatusAsync();

        return output.Trim();
    }

    private async Task ReadStatusAsync()
    {
        string status = await ScriptAsync("status");
        _members = status.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse).ToDictionary(member => member.Name);

        static Member Parse(string line)
        {
            string[] columns = line.Split(' ');

            return new Member(
                columns[0],
                columns[1] == "up" ? int.Parse(columns[2], CultureInfo.InvariantCulture) : null,
                IPEndPoint.Parse(columns[3]));
        }
    }

    private Task<string> ScriptAsync(params string[] arguments) => Command.RunAsync(
        Path.Combine(Repository(), "deploy", "local-cluster.sh"),
        [_directory, .. arguments],
        new Dictionary<string, string>
        {
            ["JSTP_FIXTURE"] = "cluster",
            ["JSTP_HOST_DLL"] = HostAssembly,
        });

    // The Host as the test project has built it.
    private static string HostAssembly => Path.Combine(AppContext.BaseDirectory, "Jstp.Host.dll");
}
