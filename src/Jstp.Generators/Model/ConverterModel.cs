namespace Jstp.Generators.Model;

/// <summary>A converter that is kept in a field.</summary>
/// <param name="Name">The field.</param>
/// <param name="Type">What it converts.</param>
/// <param name="Initializer">How it is made.</param>
internal sealed record ConverterModel(string Name, string Type, string Initializer);
