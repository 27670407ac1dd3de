using System.IO.Compression;
using System.Xml.Linq;

namespace PackageConsumer;

/// <summary>Looks into packages.</summary>
internal static class PackageContent
{
    /// <summary>What a library's package, or that of its symbols, lacks.</summary>
    public static IReadOnlyList<string> FaultsOfLibrary(string feed, string id, string version, params string[] more) =>
    [
        .. Missing(Path.Combine(feed, $"{id}.{version}.nupkg"), more),
        .. Missing(Path.Combine(feed, $"{id}.{version}.nupkg"), $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml", "README.md", "LICENSE"),
        .. Missing(Path.Combine(feed, $"{id}.{version}.snupkg"), $"lib/net10.0/{id}.pdb"),
        .. FaultsOfMetadata(Path.Combine(feed, $"{id}.{version}.nupkg"), id, version),
    ];

    /// <summary>What a tool's package lacks.</summary>
    public static IReadOnlyList<string> FaultsOfTool(string feed, string id, string version) =>
    [
        .. Missing(
            Path.Combine(feed, $"{id}.{version}.nupkg"),
            $"tools/net10.0/any/{id}.dll",
            "tools/net10.0/any/Jstp.Client.dll",
            "tools/net10.0/any/Jstp.LoadGenerator.dll",
            "tools/net10.0/any/DotnetToolSettings.xml",
            "README.md",
            "LICENSE"),
        .. FaultsOfMetadata(Path.Combine(feed, $"{id}.{version}.nupkg"), id, version),
    ];

    private static IEnumerable<string> Missing(string path, params string[] entries)
    {
        if (!File.Exists(path))
        {
            return [$"{Path.GetFileName(path)} is missing"];
        }

        using ZipArchive package = ZipFile.OpenRead(path);

        return [.. entries.Where(entry => package.GetEntry(entry) is not { Length: > 0 }).Select(entry => $"{Path.GetFileName(path)} has no {entry}")];
    }

    private static IEnumerable<string> FaultsOfMetadata(string path, string id, string version)
    {
        using ZipArchive package = ZipFile.OpenRead(path);
        using Stream stream = package.GetEntry($"{id}.nuspec")!.Open();
        XElement metadata = XDocument.Load(stream).Root!.Elements().First(static element => element.Name.LocalName == "metadata");
        (string Name, string? Expected)[] elements =
        [
            ("id", id), ("version", version), ("license", "MIT"), ("readme", "README.md"), ("authors", null), ("description", null), ("tags", null), ("copyright", null),
        ];

        return elements
            .Select(element => (element.Name, element.Expected, Actual: ValueOf(metadata, element.Name)))
            .Where(static element => element.Expected is null ? string.IsNullOrEmpty(element.Actual) : element.Actual != element.Expected)
            .Select(static element => $"<{element.Name}> is '{element.Actual}'")
            .Concat(ElementOf(metadata, "repository")?.Attribute("commit") is null ? ["<repository> names no commit"] : [])
            .ToArray();
    }

    private static string? ValueOf(XElement metadata, string name) => ElementOf(metadata, name)?.Value;

    private static XElement? ElementOf(XElement metadata, string name) => metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name);
}
