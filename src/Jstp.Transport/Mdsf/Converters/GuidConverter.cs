namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts identifiers in their usual form with hyphens.</summary>
internal sealed class GuidConverter() : TextConverter<Guid>("a GUID with hyphens")
{
    public override bool TryParse(string text, out Guid value) => Guid.TryParseExact(text, "D", out value);

    public override string Format(Guid value) => value.ToString("D");
}
