namespace Jstp.Transport.Mdsf.Converters;

/// <summary>
/// Converts points in time; what is read is UTC. One of unspecified kind is taken for UTC, so that the result does not depend on where
/// the server stands.
/// </summary>
internal sealed class DateTimeConverter() : TextConverter<DateTime>("a date such as 2021-02-03T04:05:06.007Z")
{
    private static readonly DateTimeOffsetConverter Offsets = new();

    public override bool TryParse(string text, out DateTime value)
    {
        bool parsed = Offsets.TryParse(text, out DateTimeOffset time);
        value = time.UtcDateTime;
        return parsed;
    }

    public override string Format(DateTime value) => Offsets.Format(
        value.Kind == DateTimeKind.Unspecified ? new DateTimeOffset(value, TimeSpan.Zero) : new DateTimeOffset(value));
}
