using Jstp.Transport.Protocol;

namespace Jstp.Client;

/// <summary>Which application a client asks for: a name and, if it matters, a version or a range of versions (protocol page, section 12).</summary>
public sealed record JstpApplicationName
{
    /// <summary>Names an application.</summary>
    /// <param name="name">The name, exactly as the server has it.</param>
    /// <param name="version">A version such as <c>1.2.3</c> or a range such as <c>^1.2</c>; null or empty leaves the choice to the server, which takes the latest.</param>
    /// <exception cref="ArgumentException">The name is empty or longer than 256 UTF-16 code units, or the version is neither a version nor a range.</exception>
    public JstpApplicationName(string name, string? version = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);

        if (name.Length > JstpName.MaxLength)
        {
            throw new ArgumentException($"The name of an application has at most {JstpName.MaxLength} characters; this one has {name.Length}.", nameof(name));
        }

        if (ReferenceEquals(VersionRequest.FromText(version), VersionRequest.Unsatisfiable))
        {
            throw new ArgumentException($"'{version}' is neither a version nor a range of versions.", nameof(version));
        }

        Name = name;
        Version = string.IsNullOrEmpty(version) ? null : version;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The version or range; null for the latest.</summary>
    public string? Version { get; }

    /// <summary>Reads <c>name</c> or <c>name@range</c>, which is split at its last <c>@</c>.</summary>
    /// <exception cref="ArgumentException">The name is empty, or what follows the <c>@</c> is no range.</exception>
    public static JstpApplicationName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int at = text.LastIndexOf('@');

        return at < 0 ? new JstpApplicationName(text) : new JstpApplicationName(text[..at], text[(at + 1)..]);
    }

    /// <summary>Reads a text as <see cref="Parse"/> does.</summary>
    public static implicit operator JstpApplicationName(string text) => Parse(text);

    /// <summary><c>name</c> or <c>name@range</c>.</summary>
    public override string ToString() => Version is null ? Name : $"{Name}@{Version}";
}
