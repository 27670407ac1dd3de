namespace Jstp.Generators.Model;

/// <summary>A method of a proxy.</summary>
/// <param name="DeclaringType">The interface that declares it.</param>
/// <param name="Name">Its name in the code.</param>
/// <param name="RemoteName">Its name, or that of the event, on the server.</param>
/// <param name="Kind">What it does.</param>
/// <param name="ReturnType">Its return type.</param>
/// <param name="Return">What that is.</param>
/// <param name="Parameters">Its arguments, without the cancellation token.</param>
/// <param name="Token">The name of the cancellation token, if it takes one.</param>
/// <param name="ResultType">What its results become, if it has any.</param>
/// <param name="ResultConverters">The converter of each result.</param>
internal sealed record MethodModel(
    string DeclaringType,
    string Name,
    string RemoteName,
    CallKind Kind,
    string ReturnType,
    ReturnKind Return,
    EquatableArray<ParameterModel> Parameters,
    string? Token,
    string? ResultType,
    EquatableArray<string> ResultConverters);
