using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Sessions;

/// <summary>The application's own keys and values in one session. They survive whatever the session survives. Thread-safe.</summary>
public sealed class SessionData
{
    private readonly Lock _gate = new();
    private Dictionary<string, MdsfValue>? _values;
    private long _version;

    internal SessionData(IReadOnlyDictionary<string, MdsfValue>? values = null) =>
        _values = values is null ? null : new Dictionary<string, MdsfValue>(values, StringComparer.Ordinal);

    /// <summary>Called after every change, on the thread that made it; null while nobody needs to know.</summary>
    internal Action? Changed { get; set; }

    /// <summary>Rises with every change.</summary>
    internal long Version => Volatile.Read(ref _version);

    /// <summary>The value of a key; <see cref="MdsfValue.Undefined"/> where none was ever set.</summary>
    public MdsfValue this[string key]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(key);

            lock (_gate)
            {
                return _values?.GetValueOrDefault(key) ?? MdsfValue.Undefined;
            }
        }

        set
        {
            ArgumentNullException.ThrowIfNull(key);
            ArgumentNullException.ThrowIfNull(value);

            lock (_gate)
            {
                (_values ??= new Dictionary<string, MdsfValue>(StringComparer.Ordinal))[key] = value;
                _version++;
            }

            Changed?.Invoke();
        }
    }

    /// <summary>Replaces a value by what <paramref name="update"/> makes of it, with no other update in between.</summary>
    /// <param name="key">The key.</param>
    /// <param name="update">Gets the present value, <see cref="MdsfValue.Undefined"/> where there is none; must be quick.</param>
    /// <returns>The new value.</returns>
    public MdsfValue Update(string key, Func<MdsfValue, MdsfValue> update)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(update);

        MdsfValue value;

        lock (_gate)
        {
            _values ??= new Dictionary<string, MdsfValue>(StringComparer.Ordinal);
            value = update(_values.GetValueOrDefault(key) ?? MdsfValue.Undefined);
            _values[key] = value;
            _version++;
        }

        Changed?.Invoke();

        return value;
    }

    /// <summary>Removes a key.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(string key)
    {
        lock (_gate)
        {
            if (_values is null || !_values.Remove(key))
            {
                return false;
            }

            _version++;
        }

        Changed?.Invoke();

        return true;
    }

    internal IReadOnlyDictionary<string, MdsfValue> Export() => Export(out _);

    /// <summary>Copies the values.</summary>
    /// <param name="version">The version that the copy is.</param>
    internal IReadOnlyDictionary<string, MdsfValue> Export(out long version)
    {
        lock (_gate)
        {
            version = _version;

            return _values is null ? Empty : new Dictionary<string, MdsfValue>(_values, StringComparer.Ordinal);
        }
    }

    private static readonly IReadOnlyDictionary<string, MdsfValue> Empty = new Dictionary<string, MdsfValue>();
}
