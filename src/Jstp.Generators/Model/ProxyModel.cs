namespace Jstp.Generators.Model;

/// <summary>All that the proxy of one interface is generated from. Texts only: what the compiler keeps must not hold its symbols.</summary>
/// <param name="HintName">The name of the generated file.</param>
/// <param name="Namespace">The namespace, or null for the global one.</param>
/// <param name="ContainingTypes">How the types around the interface are declared again, from the outside in.</param>
/// <param name="InterfaceName">The interface as it is declared.</param>
/// <param name="InterfaceType">The interface from anywhere.</param>
/// <param name="RemoteName">The interface as the server spells it.</param>
/// <param name="IsOblivious">Whether a type says nothing about null, so that no promise about it can be kept.</param>
/// <param name="Methods">The methods.</param>
/// <param name="Events">The events.</param>
/// <param name="Converters">The converters that the members use, those that others need first.</param>
/// <param name="Objects">The converters of the user's own types.</param>
internal sealed record ProxyModel(
    string HintName,
    string? Namespace,
    EquatableArray<string> ContainingTypes,
    string InterfaceName,
    string InterfaceType,
    string RemoteName,
    bool IsOblivious,
    EquatableArray<MethodModel> Methods,
    EquatableArray<EventModel> Events,
    EquatableArray<ConverterModel> Converters,
    EquatableArray<ObjectModel> Objects);
