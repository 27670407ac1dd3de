using System.Globalization;

namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts points in time as JavaScript's dates write themselves: UTC with milliseconds (mdsf.md, section 5.4).</summary>
internal sealed class DateTimeOffsetConverter() : TextConverter<DateTimeOffset>("a date such as 2021-02-03T04:05:06.007Z")
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd",
    ];

    public override bool TryParse(string text, out DateTimeOffset value) =>
        DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value);

    public override string Format(DateTimeOffset value) =>
        value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
