using System.Diagnostics.CodeAnalysis;
using Jstp.Transport.Mdsf;

namespace Jstp.Client.Remote;

/// <summary>Makes readers of arguments by their types. What is missing is undefined, further arguments are ignored.</summary>
[RequiresUnreferencedCode(RunTimeTypes.Message)]
[RequiresDynamicCode(RunTimeTypes.Message)]
internal static class ArgumentReader
{
    public static JstpResultsReader<T1> Of<T1>(MdsfSerializer serializer)
    {
        MdsfConverter<T1> converter1 = serializer.GetConverter<T1>();

        return (ref reader) => JstpValue.ReadNext(ref reader, converter1);
    }

    public static JstpResultsReader<(T1 First, T2 Second)> Of<T1, T2>(MdsfSerializer serializer)
    {
        MdsfConverter<T1> converter1 = serializer.GetConverter<T1>();
        MdsfConverter<T2> converter2 = serializer.GetConverter<T2>();

        return (ref reader) => (JstpValue.ReadNext(ref reader, converter1), JstpValue.ReadNext(ref reader, converter2));
    }

    public static JstpResultsReader<(T1 First, T2 Second, T3 Third)> Of<T1, T2, T3>(MdsfSerializer serializer)
    {
        MdsfConverter<T1> converter1 = serializer.GetConverter<T1>();
        MdsfConverter<T2> converter2 = serializer.GetConverter<T2>();
        MdsfConverter<T3> converter3 = serializer.GetConverter<T3>();

        return (ref reader) =>
            (JstpValue.ReadNext(ref reader, converter1), JstpValue.ReadNext(ref reader, converter2), JstpValue.ReadNext(ref reader, converter3));
    }
}
