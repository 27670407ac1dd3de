namespace Jstp.Transport.Protocol;

/// <summary>Collects the bounds of one alternative of a range while it is read.</summary>
/// <remarks>
/// Every method answers false if a number of the bound would exceed <see cref="JstpVersion.MaxNumber"/>: then there is no range.
/// </remarks>
internal sealed class VersionBounds
{
    private readonly List<VersionComparator> _comparators = [];

    public VersionComparator[] ToArray() => [.. _comparators];

    /// <summary>Adds a comparison with a full version.</summary>
    public bool TryAdd(VersionOperator comparison, PartialVersion version)
    {
        if (!version.TryGetVersion(out JstpVersion? bound))
        {
            return false;
        }

        _comparators.Add(new VersionComparator(comparison, bound));
        return true;
    }

    /// <summary>Adds a bound that no version meets.</summary>
    public bool TryAddNothing()
    {
        _comparators.Add(new VersionComparator(VersionOperator.Less, new JstpVersion(0, 0, 0, "0")));
        return true;
    }

    /// <summary>Excludes what comes before the version, whose open parts count as 0; nothing if all is open.</summary>
    public bool TryAddLowest(PartialVersion version) => version.OpenFrom switch
    {
        0 => true,
        3 => TryAdd(VersionOperator.GreaterOrEqual, version),
        _ => TryAddRounded(VersionOperator.GreaterOrEqual, version, version.OpenFrom, increment: 0),
    };

    /// <summary>Excludes the version, whose open parts count as 0, and everything behind it.</summary>
    public bool TryAddBelow(PartialVersion version) => TryAddRounded(VersionOperator.Less, version, version.OpenFrom, increment: 0);

    /// <summary>
    /// Excludes the next version after all that share the first <paramref name="parts"/> numbers; nothing if that is none.
    /// </summary>
    public bool TryAddBelowNext(PartialVersion version, int parts) =>
        parts == 0 || TryAddRounded(VersionOperator.Less, version, parts, increment: 1);

    /// <summary>Excludes everything up to the versions that share the first <paramref name="parts"/> numbers.</summary>
    public bool TryAddFromNext(PartialVersion version, int parts) =>
        TryAddRounded(VersionOperator.GreaterOrEqual, version, parts, increment: 1);

    private bool TryAddRounded(VersionOperator comparison, PartialVersion version, int parts, int increment)
    {
        long major = version.Major + (parts == 1 ? increment : 0);
        long minor = parts < 2 ? 0 : version.Minor + (parts == 2 ? increment : 0);
        long patch = parts < 3 ? 0 : version.Patch + increment;

        if (Math.Max(major, Math.Max(minor, patch)) > JstpVersion.MaxNumber)
        {
            return false;
        }

        _comparators.Add(new VersionComparator(comparison, new JstpVersion(major, minor, patch)));
        return true;
    }
}
