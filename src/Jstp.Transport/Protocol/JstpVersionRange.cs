using System.Diagnostics.CodeAnalysis;

namespace Jstp.Transport.Protocol;

/// <summary>
/// A set of versions, written as npm's <c>semver</c> 6 reads it: <c>^1.2.0</c>, <c>1.x || &gt;=2.5.0</c>, <c>1.0.0 - 1.9</c>.
/// </summary>
/// <remarks>The grammar is described in <c>docs/versions.md</c>; the differential test compares it with the npm package.</remarks>
public sealed class JstpVersionRange
{
    private readonly string _text;
    private readonly VersionComparator[][] _alternatives;

    private JstpVersionRange(string text, VersionComparator[][] alternatives)
    {
        _text = text;
        _alternatives = alternatives;
    }

    /// <summary>Reads a range.</summary>
    /// <exception cref="FormatException">The text is no range, or it is longer than <see cref="JstpVersion.MaxTextLength"/>.</exception>
    public static JstpVersionRange Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        return TryParse(text, out JstpVersionRange? range)
            ? range
            : throw new FormatException("A version range has forms such as ^1.2.0, ~1.2, 1.x, >=1.0.0 <2.0.0, 1.0.0 - 1.9 and 1 || 2.");
    }

    /// <summary>
    /// Reads a range; accepts what npm accepts without its loose option. A text longer than <see cref="JstpVersion.MaxTextLength"/> code
    /// units is no range (npm has no limit here).
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out JstpVersionRange? range)
    {
        range = null;

        if (text?.Length <= JstpVersion.MaxTextLength && VersionRangeParser.TryParse(text, out VersionComparator[][]? alternatives))
        {
            range = new JstpVersionRange(text, alternatives);
        }

        return range is not null;
    }

    /// <summary>
    /// Tells whether a version is in the range. A prerelease is only if one bound of the alternative that admits it names a prerelease of
    /// the same three numbers: <c>^1.2.3-beta</c> admits <c>1.2.3-rc</c>, but not <c>1.3.0-rc</c>.
    /// </summary>
    public bool IsSatisfiedBy(JstpVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);

        foreach (VersionComparator[] alternative in _alternatives)
        {
            if (Admits(alternative, version))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text that the range was read from.</summary>
    public override string ToString() => _text;

    private static bool Admits(VersionComparator[] alternative, JstpVersion version)
    {
        bool isAllowed = !version.IsPrerelease;

        foreach (VersionComparator comparator in alternative)
        {
            if (!comparator.IsSatisfiedBy(version))
            {
                return false;
            }

            isAllowed |= comparator.Bound.IsPrerelease && comparator.Bound.HasSameNumbers(version);
        }

        return isAllowed;
    }
}
