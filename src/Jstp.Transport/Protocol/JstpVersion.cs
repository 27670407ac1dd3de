using System.Diagnostics.CodeAnalysis;

namespace Jstp.Transport.Protocol;

/// <summary>A version of an application: Semantic Versioning 2.0.0, with the limits of npm's <c>semver</c> 6.</summary>
/// <remarks>
/// A type of our own, because NuGet's <c>SemanticVersion</c> disagrees with what clients run: it compares prerelease labels without
/// case and keeps the three numbers in 32 bits, so that a build date as the patch number does not fit.
/// Equality and order follow precedence: build metadata does not count.
/// </remarks>
public sealed class JstpVersion : IComparable<JstpVersion>, IEquatable<JstpVersion>
{
    /// <summary>The longest text that is read as a version or as a range, in UTF-16 code units (npm's limit for versions).</summary>
    public const int MaxTextLength = 256;

    /// <summary>The largest number that may stand in a version, 2^53 - 1: beyond it JavaScript cannot count.</summary>
    public const long MaxNumber = (1L << 53) - 1;

    /// <summary>Makes a version of its parts, each of which the caller has checked.</summary>
    internal JstpVersion(long major, long minor, long patch, string prerelease = "", string build = "")
    {
        Major = major;
        Minor = minor;
        Patch = patch;
        Prerelease = prerelease;
        Build = build;
    }

    /// <summary>The version of an application that names none, <c>1.0.0</c> (protocol page, 5.3).</summary>
    public static JstpVersion Default { get; } = new(1, 0, 0);

    /// <summary>The first number, 0 to <see cref="MaxNumber"/>.</summary>
    public long Major { get; }

    /// <summary>The second number, 0 to <see cref="MaxNumber"/>.</summary>
    public long Minor { get; }

    /// <summary>The third number, 0 to <see cref="MaxNumber"/>.</summary>
    public long Patch { get; }

    /// <summary>The prerelease identifiers without the hyphen, such as <c>beta.2</c>; empty for a release.</summary>
    public string Prerelease { get; }

    /// <summary>The build metadata without the plus sign; empty if there is none. It counts for nothing but the text.</summary>
    public string Build { get; }

    /// <summary>Whether this version comes before the release with the same three numbers.</summary>
    public bool IsPrerelease => Prerelease.Length > 0;

    /// <summary>Tells whether two versions have the same precedence.</summary>
    public static bool operator ==(JstpVersion? left, JstpVersion? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Tells whether two versions differ in precedence.</summary>
    public static bool operator !=(JstpVersion? left, JstpVersion? right) => !(left == right);

    /// <summary>Tells whether the left version comes before the right one; null comes before every version.</summary>
    public static bool operator <(JstpVersion? left, JstpVersion? right) => Comparer<JstpVersion>.Default.Compare(left, right) < 0;

    /// <summary>Tells whether the left version comes before the right one or is the same.</summary>
    public static bool operator <=(JstpVersion? left, JstpVersion? right) => Comparer<JstpVersion>.Default.Compare(left, right) <= 0;

    /// <summary>Tells whether the left version comes behind the right one.</summary>
    public static bool operator >(JstpVersion? left, JstpVersion? right) => Comparer<JstpVersion>.Default.Compare(left, right) > 0;

    /// <summary>Tells whether the left version comes behind the right one or is the same.</summary>
    public static bool operator >=(JstpVersion? left, JstpVersion? right) => Comparer<JstpVersion>.Default.Compare(left, right) >= 0;

    /// <summary>Reads a full version such as <c>1.2.3</c>, <c>v1.2.3</c> or <c>2.0.0-beta.2+build.7</c>.</summary>
    /// <exception cref="FormatException">
    /// The text is no full version (spaces around it included), or it is longer than <see cref="MaxTextLength"/>.
    /// </exception>
    public static JstpVersion Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        return TryParse(text, out JstpVersion? version)
            ? version
            : throw new FormatException("A version has the form 1.2.3, with an optional prerelease (1.2.3-beta.1) and build (1.2.3+5).");
    }

    /// <summary>Reads a full version; accepts exactly what npm's <c>semver.valid</c> accepts.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out JstpVersion? version)
    {
        version = null;

        if (text is null || text.Length > MaxTextLength)
        {
            return false;
        }

        ReadOnlySpan<char> rest = text.StartsWith('v') ? text.AsSpan(1) : text;
        return PartialVersion.TryParse(rest, out PartialVersion partial) && partial.TryGetVersion(out version);
    }

    /// <summary>Compares by precedence (Semantic Versioning 2.0.0, section 11).</summary>
    public int CompareTo(JstpVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        int order = Major.CompareTo(other.Major);

        if (order == 0)
        {
            order = Minor.CompareTo(other.Minor);
        }

        if (order == 0)
        {
            order = Patch.CompareTo(other.Patch);
        }

        return order != 0 ? order : ComparePrerelease(Prerelease, other.Prerelease);
    }

    /// <inheritdoc/>
    public bool Equals(JstpVersion? other) => other is not null && HasSameNumbers(other) && Prerelease == other.Prerelease;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as JstpVersion);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Major, Minor, Patch, Prerelease);

    /// <summary>The text of the version, prerelease and build included, without a leading <c>v</c>.</summary>
    public override string ToString() =>
        $"{Major}.{Minor}.{Patch}{(IsPrerelease ? "-" : "")}{Prerelease}{(Build.Length > 0 ? "+" : "")}{Build}";

    /// <summary>Tells whether the three numbers are equal, whatever the prereleases are.</summary>
    internal bool HasSameNumbers(JstpVersion other) => Major == other.Major && Minor == other.Minor && Patch == other.Patch;

    private static int ComparePrerelease(string left, string right)
    {
        // A release comes behind all of its prereleases.
        if (left.Length == 0 || right.Length == 0)
        {
            return right.Length.CompareTo(left.Length);
        }

        MemoryExtensions.SpanSplitEnumerator<char> leftParts = left.AsSpan().Split('.');
        MemoryExtensions.SpanSplitEnumerator<char> rightParts = right.AsSpan().Split('.');

        while (true)
        {
            bool hasLeft = leftParts.MoveNext();
            bool hasRight = rightParts.MoveNext();

            if (!hasLeft || !hasRight)
            {
                return hasLeft.CompareTo(hasRight);
            }

            int order = CompareIdentifiers(left.AsSpan(leftParts.Current), right.AsSpan(rightParts.Current));

            if (order != 0)
            {
                return order;
            }
        }
    }

    private static int CompareIdentifiers(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        bool leftIsNumber = !left.ContainsAnyExceptInRange('0', '9');
        bool rightIsNumber = !right.ContainsAnyExceptInRange('0', '9');

        if (leftIsNumber != rightIsNumber)
        {
            return leftIsNumber ? -1 : 1; // numbers come before words
        }

        // Numbers have no leading zeros, so the longer one is the larger one, whatever its size.
        return leftIsNumber && left.Length != right.Length
            ? left.Length.CompareTo(right.Length)
            : left.SequenceCompareTo(right);
    }
}
