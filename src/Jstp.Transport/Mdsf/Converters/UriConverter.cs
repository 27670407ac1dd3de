using System.Diagnostics.CodeAnalysis;

namespace Jstp.Transport.Mdsf.Converters;

/// <summary>Converts addresses as they were written.</summary>
internal sealed class UriConverter() : TextConverter<Uri?>("a URI")
{
    public override bool TryParse(string text, [NotNullWhen(true)] out Uri? value) =>
        Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out value);

    public override string Format(Uri? value) => value!.OriginalString;
}
