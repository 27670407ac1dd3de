using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Jstp.Transport.Protocol;

/// <summary>Everything that is served, by name and version: finds what a handshake asks for (protocol page, 5.3). Immutable.</summary>
/// <typeparam name="T">What a name and a version stand for.</typeparam>
public sealed class VersionedCatalog<T>
{
    private readonly FrozenDictionary<string, (JstpVersion Version, T Value)[]> _byName; // highest version first

    /// <summary>Makes a catalogue. Names are compared exactly.</summary>
    /// <exception cref="ArgumentException">A name has the same version twice; build metadata does not make a difference.</exception>
    public VersionedCatalog(IEnumerable<(string Name, JstpVersion Version, T Value)> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var seen = new HashSet<(string, JstpVersion)>();
        var byName = new Dictionary<string, List<(JstpVersion Version, T Value)>>(StringComparer.Ordinal);

        foreach ((string name, JstpVersion version, T value) in entries)
        {
            if (!seen.Add((name, version)))
            {
                throw new ArgumentException($"The application {name}@{version} is there twice.", nameof(entries));
            }

            if (!byName.TryGetValue(name, out List<(JstpVersion, T)>? versions))
            {
                byName[name] = versions = [];
            }

            versions.Add((version, value));
        }

        _byName = byName.ToFrozenDictionary(
            pair => pair.Key, pair => pair.Value.OrderByDescending(entry => entry.Version).ToArray(), StringComparer.Ordinal);
    }

    /// <summary>Finds the highest version of a name that satisfies the request.</summary>
    /// <returns>False if the name is unknown or no version of it will do.</returns>
    public bool TryFind(string name, VersionRequest request, [MaybeNullWhen(false)] out T value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(request);

        foreach ((JstpVersion version, T candidate) in _byName.GetValueOrDefault(name, []))
        {
            if (request.IsSatisfiedBy(version))
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }
}
