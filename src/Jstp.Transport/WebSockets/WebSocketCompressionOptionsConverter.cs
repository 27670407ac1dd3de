using System.ComponentModel;
using System.Globalization;

namespace Jstp.Transport.WebSockets;

/// <summary>Lets configuration turn compression on and off by one word, as in <c>Compression=true</c>, beside setting its parts.</summary>
internal sealed class WebSocketCompressionOptionsConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => value switch
    {
        string text when bool.TryParse(text, out bool isOn) => isOn ? new WebSocketCompressionOptions() : null,
        string text => throw new FormatException($"'{text}' is neither true nor false; compression is turned on by true, or by settings of its own such as Threshold."),
        _ => base.ConvertFrom(context, culture, value),
    };
}
