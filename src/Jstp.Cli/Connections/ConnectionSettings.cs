using Jstp.Client;
using Jstp.Cli.Output;

namespace Jstp.Cli.Connections;

/// <summary>What a command line says about the server and the way to it.</summary>
internal sealed record ConnectionSettings
{
    public required Uri Url { get; init; }

    public required JstpApplicationName Application { get; init; }

    /// <summary>Whom to log in as; null for anonymously.</summary>
    public string? Login { get; init; }

    /// <summary>The password of <see cref="Login"/>.</summary>
    public string? Password { get; init; }

    /// <summary>The file of the session to resume, and to save; null for a session that ends with the command.</summary>
    public string? SessionFile { get; init; }

    /// <summary>How long connecting may take, and each answer.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Whether any certificate will do.</summary>
    public bool IsInsecure { get; init; }

    /// <summary>A PEM file with the authorities to trust instead of the system's; null for those.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>Whether messages are shown.</summary>
    public bool IsVerbose { get; init; }

    public OutputFormat Output { get; init; }

    // Records print their members, and this one has a password.
    public override string ToString() => $"{Url} {Application}";
}
