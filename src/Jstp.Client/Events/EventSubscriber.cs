using Jstp.Client.Remote;
using Jstp.Transport.Mdsf;

namespace Jstp.Client.Events;

/// <summary>Somebody who listens to one event.</summary>
internal sealed class EventSubscriber(JstpEventHandler handler)
{
    /// <summary>Hands the arguments over; the reader stands on the start of their array. What the handler throws comes through.</summary>
    public void Invoke(ref MdsfReader arguments) => handler(ref arguments);

    public static EventSubscriber Create(Action handler) => new((ref _) => handler());

    public static EventSubscriber Create<T1>(MdsfSerializer serializer, Action<T1> handler)
    {
        MdsfConverter<T1> converter1 = serializer.GetConverter<T1>();

        return new EventSubscriber((ref arguments) => handler(JstpValue.ReadNext(ref arguments, converter1)));
    }

    public static EventSubscriber Create<T1, T2>(MdsfSerializer serializer, Action<T1, T2> handler)
    {
        MdsfConverter<T1> converter1 = serializer.GetConverter<T1>();
        MdsfConverter<T2> converter2 = serializer.GetConverter<T2>();

        return new EventSubscriber((ref arguments) =>
            handler(JstpValue.ReadNext(ref arguments, converter1), JstpValue.ReadNext(ref arguments, converter2)));
    }

    public static EventSubscriber Create<T1, T2, T3>(MdsfSerializer serializer, Action<T1, T2, T3> handler)
    {
        MdsfConverter<T1> converter1 = serializer.GetConverter<T1>();
        MdsfConverter<T2> converter2 = serializer.GetConverter<T2>();
        MdsfConverter<T3> converter3 = serializer.GetConverter<T3>();

        return new EventSubscriber((ref arguments) => handler(
            JstpValue.ReadNext(ref arguments, converter1), JstpValue.ReadNext(ref arguments, converter2), JstpValue.ReadNext(ref arguments, converter3)));
    }
}
