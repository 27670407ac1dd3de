using System.Buffers;
using Jstp.Transport.Mdsf;

namespace Jstp.Client.Authentication;

/// <summary>What a handshake shows: the name of a strategy and the value that it needs (protocol page, 5.1).</summary>
public sealed class JstpCredentials
{
    private JstpCredentials(string? strategy, ReadOnlyMemory<byte> value)
    {
        Strategy = strategy;
        Value = value;
    }

    /// <summary>No credentials.</summary>
    public static JstpCredentials Anonymous { get; } = new(null, default);

    /// <summary>The strategy; null for anonymously.</summary>
    public string? Strategy { get; }

    internal ReadOnlyMemory<byte> Value { get; }

    /// <summary>The strategy <c>login</c> with a user name and a password.</summary>
    public static JstpCredentials Login(string userName, string password)
    {
        ArgumentNullException.ThrowIfNull(userName);
        ArgumentNullException.ThrowIfNull(password);

        return Custom("login", MdsfValue.CreateArray(MdsfValue.FromString(userName), MdsfValue.FromString(password)));
    }

    /// <summary>A strategy of the application's own.</summary>
    /// <param name="strategy">The strategy as the server knows it. <c>session</c> restores and is not allowed.</param>
    /// <param name="credentials">What it needs; any value, by convention an array.</param>
    /// <exception cref="ArgumentException">The strategy is empty, <c>session</c> or <c>__proto__</c>.</exception>
    public static JstpCredentials Custom(string strategy, MdsfValue credentials)
    {
        ArgumentException.ThrowIfNullOrEmpty(strategy);
        ArgumentNullException.ThrowIfNull(credentials);

        if (strategy is "session" or "__proto__")
        {
            throw new ArgumentException($"'{strategy}' is not a strategy to open a session with.", nameof(strategy));
        }

        var output = new ArrayBufferWriter<byte>();
        var writer = new MdsfWriter(output);
        credentials.WriteTo(ref writer);
        writer.Flush();

        return new JstpCredentials(strategy, output.WrittenMemory);
    }
}
