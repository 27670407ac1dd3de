namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts one UTF-16 code unit.</summary>
internal sealed class CharConverter() : TextConverter<char>("a string of one character")
{
    public override bool TryParse(string text, out char value) => char.TryParse(text, out value);

    public override string Format(char value) => value.ToString();
}
