using Jstp.Actors.Connections;
using Jstp.Actors.Sessions;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace Jstp.Actors.Applications;

/// <summary>Collects what one version of an application offers.</summary>
public sealed class JstpApplicationBuilder
{
    private readonly string _name;
    private readonly JstpVersion _version;
    private readonly List<InterfaceBuilder> _interfaces = [];
    private MdsfSerializer _serializer = MdsfSerializer.Default;
    private Func<IServiceProvider, IJstpAuthenticator>? _authenticator;
    private Func<IServiceProvider, ISessionStorageProvider>? _sessionStorage;

    internal JstpApplicationBuilder(string name, string version)
    {
        ArgumentNullException.ThrowIfNull(name);
        JstpNaming.ThrowIfUnusable(name, "an application");

        if (!JstpVersion.TryParse(version, out JstpVersion? parsed))
        {
            throw new ArgumentException($"'{version}' is not a semver version of the application '{name}'.", nameof(version));
        }

        _name = name;
        _version = parsed;
    }

    /// <summary>Converts arguments and results. The default is <see cref="MdsfSerializer.Default"/>; give one of your own for source-generated contracts.</summary>
    public JstpApplicationBuilder UseSerializer(MdsfSerializer serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        _serializer = serializer;

        return this;
    }

    /// <summary>Decides who may log in to this application, in place of the server's authenticator.</summary>
    public JstpApplicationBuilder UseAuthenticator(IJstpAuthenticator authenticator)
    {
        ArgumentNullException.ThrowIfNull(authenticator);
        _authenticator = _ => authenticator;

        return this;
    }

    /// <summary>Decides who may log in to this application, in place of the server's authenticator.</summary>
    /// <typeparam name="T">Created once, with services in its constructor.</typeparam>
    public JstpApplicationBuilder UseAuthenticator<T>()
        where T : class, IJstpAuthenticator
    {
        _authenticator = ActivatorUtilities.GetServiceOrCreateInstance<T>;

        return this;
    }

    /// <summary>Decides who may log in to this application, in place of the server's authenticator.</summary>
    public JstpApplicationBuilder UseAuthenticator(Func<JstpAuthenticationContext, CancellationToken, ValueTask<string?>> authenticate) =>
        UseAuthenticator(new DelegateAuthenticator(authenticate));

    /// <summary>Keeps the sessions of this application apart from those of the server.</summary>
    public JstpApplicationBuilder UseSessionStorage(ISessionStorageProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        _sessionStorage = _ => provider;

        return this;
    }

    /// <summary>
    /// Adds a class as an interface: its public methods become methods of the same name in camelCase, those with <see cref="JstpEventAttribute"/>
    /// become event handlers. Several classes may share an interface.
    /// </summary>
    /// <typeparam name="T">The class; its constructor gets services.</typeparam>
    /// <param name="name">The interface name; null for the attribute's or the class's.</param>
    /// <param name="lifetime">
    /// <see cref="ServiceLifetime.Singleton"/> (the default): one object serves all calls and must be thread-safe.
    /// <see cref="ServiceLifetime.Scoped"/> or <see cref="ServiceLifetime.Transient"/>: every call has its own object and service scope.
    /// </param>
    public JstpApplicationBuilder AddInterface<T>(string? name = null, ServiceLifetime lifetime = ServiceLifetime.Singleton)
        where T : class
    {
        Interface(name ?? JstpNaming.InterfaceName(typeof(T))).AddClass(typeof(T), lifetime);

        return this;
    }

    /// <summary>Adds an object as an interface, as <see cref="AddInterface{T}(string, ServiceLifetime)"/> does with a class.</summary>
    public JstpApplicationBuilder AddInterface(object instance, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(instance);
        Interface(name ?? JstpNaming.InterfaceName(instance.GetType())).AddInstance(instance);

        return this;
    }

    /// <summary>Adds an interface by its methods, for small applications.</summary>
    public JstpApplicationBuilder AddInterface(string name, Action<JstpInterfaceBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        configure(new JstpInterfaceBuilder(Interface(name)));

        return this;
    }

    internal JstpApplication Build(IServiceProvider? services)
    {
        services ??= EmptyServiceProvider.Instance;

        return new JstpApplication(
            _name,
            _version,
            [.. _interfaces.Select(@interface => @interface.Build(services, _serializer))],
            _authenticator?.Invoke(services),
            _sessionStorage?.Invoke(services));
    }

    private InterfaceBuilder Interface(string name)
    {
        JstpNaming.ThrowIfUnusable(name, "an interface");
        InterfaceBuilder? builder = _interfaces.Find(candidate => candidate.Name == name);

        if (builder is null)
        {
            builder = new InterfaceBuilder(name);
            _interfaces.Add(builder);
        }

        return builder;
    }
}
