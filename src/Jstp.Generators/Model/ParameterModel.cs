namespace Jstp.Generators.Model;

/// <summary>One argument.</summary>
/// <param name="Name">Its name, fit for code.</param>
/// <param name="Type">Its type.</param>
/// <param name="Converter">Its converter; of the elements, if it stands for many.</param>
/// <param name="IsRest">Whether each element is an argument, as with <c>params</c>.</param>
internal sealed record ParameterModel(string Name, string Type, string Converter, bool IsRest);
