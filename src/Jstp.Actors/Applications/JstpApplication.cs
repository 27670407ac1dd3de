using System.Diagnostics.CodeAnalysis;
using Jstp.Actors.Connections;
using Jstp.Actors.Sessions;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Applications;

/// <summary>
/// One version of an application: its interfaces, their methods, and what it does with the events of clients. Immutable; made by
/// <see cref="Create"/> or by <c>AddJstp</c>.
/// </summary>
public sealed class JstpApplication
{
    private readonly Utf8NameTable<JstpInterface> _interfaces;

    internal JstpApplication(
        string name,
        JstpVersion version,
        IReadOnlyList<JstpInterface> interfaces,
        IJstpAuthenticator? authenticator,
        ISessionStorageProvider? sessionStorage)
    {
        Name = name;
        Version = version;
        Interfaces = [.. interfaces.Select(@interface => @interface.Name)];
        Authenticator = authenticator;
        SessionStorage = sessionStorage;
        _interfaces = new Utf8NameTable<JstpInterface>(interfaces.Select(entry => KeyValuePair.Create(entry.Name, entry)));
    }

    /// <summary>The name that clients give in their handshake.</summary>
    public string Name { get; }

    /// <summary>The version. Several versions of a name may be served at once.</summary>
    public JstpVersion Version { get; }

    /// <summary>The names of the interfaces, in the order of their declaration.</summary>
    public IReadOnlyList<string> Interfaces { get; }

    /// <summary>Decides who may log in; null for the server's authenticator.</summary>
    internal IJstpAuthenticator? Authenticator { get; }

    /// <summary>Keeps the sessions of this application; null for the server's provider.</summary>
    internal ISessionStorageProvider? SessionStorage { get; }

    /// <summary>Makes an application without a host.</summary>
    /// <param name="name">The name, 1 to 256 UTF-16 code units.</param>
    /// <param name="version">The semver version.</param>
    /// <param name="configure">Adds interfaces, methods and event handlers.</param>
    /// <param name="services">Where interface classes find the services of their constructors; null for none.</param>
    /// <exception cref="ArgumentException">A name, a version, a method or a parameter cannot be served; the message says which.</exception>
    public static JstpApplication Create(
        string name, string version, Action<JstpApplicationBuilder> configure, IServiceProvider? services = null)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new JstpApplicationBuilder(name, version);
        configure(builder);

        return builder.Build(services);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}@{Version}";

    internal bool TryGetInterface(JstpName name, [NotNullWhen(true)] out JstpInterface? @interface) => _interfaces.TryGetValue(name, out @interface);
}
