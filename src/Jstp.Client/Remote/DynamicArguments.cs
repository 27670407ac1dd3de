using Jstp.Transport.Mdsf;

namespace Jstp.Client.Remote;

/// <summary>Arguments whose types are known at run time only.</summary>
internal readonly ref struct DynamicArguments(MdsfConverter<object?> converter, ReadOnlySpan<object?> values)
{
    private readonly ReadOnlySpan<object?> _values = values;
    private readonly MdsfConverter<object?> _converter = converter;

    /// <summary>Writes them.</summary>
    public static JstpArgumentsWriter<DynamicArguments> Writer { get; } = static (ref writer, arguments) =>
    {
        foreach (object? value in arguments._values)
        {
            if (value is CancellationToken)
            {
                throw new ArgumentException("A cancellation token is no argument of a call; the overload that takes one takes the arguments as a list.");
            }

            arguments._converter.Write(ref writer, value);
        }
    };
}
