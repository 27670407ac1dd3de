using System.Diagnostics.CodeAnalysis;

namespace Jstp.Transport.Protocol;

/// <summary>Which version of an application a client asked for in its handshake (protocol page, 5.3).</summary>
/// <remarks>Read once, kept by the connection, and asked again when the applications change.</remarks>
public sealed class VersionRequest
{
    private readonly JstpVersionRange? _range;

    private VersionRequest(string? text, JstpVersion? version, JstpVersionRange? range)
    {
        Text = text;
        Version = version;
        _range = range;
    }

    /// <summary>No version was named: the latest one serves, prereleases included.</summary>
    public static VersionRequest Latest { get; } = new(null, null, null);

    /// <summary>Something that no version satisfies: a text that is no range, or a value that is no text.</summary>
    public static VersionRequest Unsatisfiable { get; } = new("", null, null);

    /// <summary>The text of the request, null for <see cref="Latest"/>.</summary>
    public string? Text { get; }

    /// <summary>The only version that will do, null if the request leaves a choice.</summary>
    public JstpVersion? Version { get; }

    /// <summary>Whether the request names one full version; such a client never moves to another (protocol page, 11).</summary>
    [MemberNotNullWhen(true, nameof(Version))]
    public bool IsExact => Version is not null;

    /// <summary>Reads the text of a request; null and the empty text ask for the latest version. Never throws.</summary>
    public static VersionRequest FromText(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return Latest;
        }

        if (JstpVersion.TryParse(text, out JstpVersion? version))
        {
            return new VersionRequest(text, version, null);
        }

        return JstpVersionRange.TryParse(text, out JstpVersionRange? range) ? new VersionRequest(text, null, range) : Unsatisfiable;
    }

    /// <summary>The request that a client without one is remembered with: it stays within the major version that it was given.</summary>
    public static VersionRequest WithinMajorOf(JstpVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return FromText(version.Major.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Tells whether a version would do.</summary>
    public bool IsSatisfiedBy(JstpVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return ReferenceEquals(this, Latest) || (IsExact ? Version.Equals(version) : _range is not null && _range.IsSatisfiedBy(version));
    }
}
