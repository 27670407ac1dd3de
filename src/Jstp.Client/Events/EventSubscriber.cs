using System.Diagnostics.CodeAnalysis;
using Jstp.Client.Remote;
using Jstp.Transport.Mdsf;

namespace Jstp.Client.Events;

/// <summary>Somebody who listens to one event.</summary>
internal sealed class EventSubscriber(JstpEventHandler handler)
{
    /// <summary>Hands the arguments over; the reader stands on the start of their array. What the handler throws comes through.</summary>
    public void Invoke(ref MdsfReader arguments) => handler(ref arguments);

    public static EventSubscriber Create(Action handler) => new((ref _) => handler());

    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public static EventSubscriber Create<T1>(MdsfSerializer serializer, Action<T1> handler) => Create(ArgumentReader.Of<T1>(serializer), handler);

    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public static EventSubscriber Create<T1, T2>(MdsfSerializer serializer, Action<T1, T2> handler) =>
        Create(ArgumentReader.Of<T1, T2>(serializer), arguments => handler(arguments.First, arguments.Second));

    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public static EventSubscriber Create<T1, T2, T3>(MdsfSerializer serializer, Action<T1, T2, T3> handler) =>
        Create(ArgumentReader.Of<T1, T2, T3>(serializer), arguments => handler(arguments.First, arguments.Second, arguments.Third));

    private static EventSubscriber Create<TArguments>(JstpResultsReader<TArguments> read, Action<TArguments> handler) =>
        new((ref arguments) => handler(read(ref arguments)));
}
