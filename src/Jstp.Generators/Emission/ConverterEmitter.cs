using Jstp.Generators.Model;

namespace Jstp.Generators.Emission;

/// <summary>Writes the converters that a proxy uses, and the classes that convert users' types.</summary>
internal static class ConverterEmitter
{
    public const string ConvertersClass = "JstpGeneratedConverters";

    /// <summary>How the next value out of an array is read.</summary>
    public static string ReadNext(string converter) => $"{ProxyEmitter.Remote}JstpValue.ReadNext(ref reader, {ConvertersClass}.{converter})";

    public static void Emit(SourceBuilder source, ProxyModel model)
    {
        source.Open($"private static class {ConvertersClass}");

        foreach (ConverterModel converter in model.Converters)
        {
            source.Line($"public static readonly global::Jstp.Transport.Mdsf.MdsfConverter<{converter.Type}> {converter.Name} = {converter.Initializer};");
        }

        foreach (ObjectModel @object in model.Objects)
        {
            source.Line();
            ObjectConverterEmitter.Emit(source, @object);
        }

        source.Close();
    }
}
