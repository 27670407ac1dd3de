using System.Globalization;

namespace Jstp.LoadGenerator.Measurement;

/// <summary>Reads from /proc what a process and all its descendants use.</summary>
internal sealed class ProcessTree(int rootId)
{
    // Linux tells processor time to user space in hundredths of a second on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    // Positions behind the command name, which may itself hold spaces (proc_pid_stat(5)).
    private const int ParentField = 1;
    private const int UserTimeField = 11;
    private const int SystemTimeField = 12;

    /// <summary>User and system time of all threads so far, in seconds.</summary>
    public double ReadProcessorSeconds() =>
        ReadStats().Sum(stat => long.Parse(stat[UserTimeField], CultureInfo.InvariantCulture)
            + long.Parse(stat[SystemTimeField], CultureInfo.InvariantCulture)) / TicksPerSecond;

    /// <summary>Resident memory, and the same with shared pages divided among their sharers, in bytes.</summary>
    public (long Resident, long Proportional) ReadMemory()
    {
        long resident = 0;
        long proportional = 0;

        foreach (int id in ReadIds())
        {
            foreach (string line in File.ReadLines($"/proc/{id}/smaps_rollup"))
            {
                resident += KibibytesOf(line, "Rss:");
                proportional += KibibytesOf(line, "Pss:");
            }
        }

        return (resident * 1024, proportional * 1024);
    }

    private List<int> ReadIds()
    {
        var parents = new Dictionary<int, int>();

        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out int id) && TryReadStat(id) is { } stat)
            {
                parents[id] = int.Parse(stat[ParentField], CultureInfo.InvariantCulture);
            }
        }

        if (!parents.ContainsKey(rootId))
        {
            throw new LoadException($"The server, process {rootId}, is gone.");
        }

        return [.. parents.Keys.Where(id => IsInTree(id, parents))];
    }

    private bool IsInTree(int id, Dictionary<int, int> parents)
    {
        while (id != rootId && parents.TryGetValue(id, out int parent))
        {
            id = parent;
        }

        return id == rootId;
    }

    private IEnumerable<string[]> ReadStats() => ReadIds().Select(TryReadStat).OfType<string[]>();

    private static string[]? TryReadStat(int id)
    {
        try
        {
            string text = File.ReadAllText($"/proc/{id}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null; // the process ended between the listing and the reading
        }
    }

    private static long KibibytesOf(string line, string label) =>
        line.StartsWith(label, StringComparison.Ordinal)
            ? long.Parse(line[label.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture)
            : 0;
}
