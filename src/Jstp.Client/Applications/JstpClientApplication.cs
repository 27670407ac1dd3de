using Jstp.Transport.Protocol;

namespace Jstp.Client.Applications;

/// <summary>
/// What a server may call and which events it may send. Declare everything before a connection uses it; what is added later concerns later connections.
/// Not thread-safe while it is declared.
/// </summary>
public sealed class JstpClientApplication
{
    private readonly List<JstpClientInterface> _interfaces = [];

    /// <summary>Makes an application without interfaces.</summary>
    /// <param name="name">Its name, for the reader of the code: a client never says it.</param>
    /// <param name="version">Its version, likewise.</param>
    public JstpClientApplication(string name = "jstp", string version = "1.0.0")
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(version);
        Name = name;
        Version = version;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The version.</summary>
    public string Version { get; }

    /// <summary>Declares an interface, or gives the one of that name to declare more.</summary>
    /// <exception cref="ArgumentException">The name could never be looked up: 1 to 256 UTF-16 code units.</exception>
    public JstpClientInterface Interface(string name)
    {
        JstpClientInterface.ThrowIfUnusable(name);
        JstpClientInterface? known = _interfaces.Find(candidate => candidate.Name == name);

        if (known is null)
        {
            known = new JstpClientInterface(name);
            _interfaces.Add(known);
        }

        return known;
    }

    internal Utf8NameTable<ServedInterface> Build(JstpClientOptions options) =>
        new(_interfaces.Select(declared => KeyValuePair.Create(declared.Name, declared.Build(options))));
}
