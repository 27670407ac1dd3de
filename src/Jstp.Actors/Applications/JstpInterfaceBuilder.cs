namespace Jstp.Actors.Applications;

/// <summary>Adds methods and event handlers to one interface, each as a delegate.</summary>
public sealed class JstpInterfaceBuilder
{
    private readonly InterfaceBuilder _interface;

    internal JstpInterfaceBuilder(InterfaceBuilder @interface) => _interface = @interface;

    /// <summary>
    /// Adds a method. Parameters bind by type; a <c>JstpConnection</c> and a <see cref="CancellationToken"/> are supplied; the result may be
    /// a value, a tuple of several results, a task of either, or nothing.
    /// </summary>
    /// <param name="name">The method name as clients spell it.</param>
    /// <param name="method">Runs on every call.</param>
    public JstpInterfaceBuilder Method(string name, Delegate method)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(method);
        _interface.AddMethod(name, method);

        return this;
    }

    /// <summary>Adds a handler of an event that clients send. Its parameters bind as those of a method; its result is ignored.</summary>
    /// <param name="name">The event name as clients spell it.</param>
    /// <param name="handler">Runs on every event; missing arguments are undefined, further ones are ignored.</param>
    public JstpInterfaceBuilder OnEvent(string name, Delegate handler)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(handler);
        _interface.AddEventHandler(name, handler);

        return this;
    }
}
