using System.Collections.Immutable;
using Jstp.Generators.Diagnostics;
using Jstp.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Jstp.Generators.Parsing;

/// <summary>Turns the members of an interface into models, and complains of those that have none.</summary>
internal sealed class MemberParser(ConverterCatalog converters, DiagnosticSink diagnostics)
{
    private const string Attributes = "Jstp.Client.Remote.";

    private readonly Dictionary<string, ISymbol> _calls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ISymbol> _emitted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ISymbol> _heard = new(StringComparer.Ordinal);

    public List<MethodModel> Methods { get; } = [];

    public List<EventModel> Events { get; } = [];

    /// <summary>Whether a type could not be found. The compiler has said so.</summary>
    public bool HasUnknownTypes { get; private set; }

    public void Parse(ISymbol member)
    {
        switch (member)
        {
            case { IsAbstract: false } or INamedTypeSymbol or IMethodSymbol { AssociatedSymbol: not null }:
                break; // has its code already, or belongs to a member that is looked at by itself
            case { IsStatic: true }:
                Refuse(member, "it is static");
                break;
            case IMethodSymbol { IsGenericMethod: true }:
                Refuse(member, "it has type parameters, and what travels must be known when it is compiled");
                break;
            case IMethodSymbol { ContainingType.SpecialType: SpecialType.System_IDisposable } or IMethodSymbol { ContainingType.Name: "IAsyncDisposable" }:
                Refuse(member, "a proxy has nothing to dispose of; its connection has");
                break;
            case IMethodSymbol method:
                ParseMethod(method);
                break;
            case IEventSymbol @event:
                ParseEvent(@event);
                break;
            case IPropertySymbol { IsIndexer: true }:
                Refuse(member, "it is an indexer");
                break;
            default:
                Refuse(member, "it is a property");
                break;
        }
    }

    private void Refuse(ISymbol member, string reason) =>
        diagnostics.Add(Descriptors.UnsupportedMember, member.SourceLocation(), SymbolText.ForMessage(member), reason);

    private void ParseMethod(IMethodSymbol method)
    {
        bool emits = method.FindAttribute(Attributes + "JstpEmitAttribute") is not null;
        bool resends = method.FindAttribute(Attributes + "JstpResendAttribute") is not null;
        string remoteName = RemoteName(method, JstpNaming.MethodName(method.Name));
        CheckName(method, remoteName, emits ? _emitted : _calls);
        (ReturnKind kind, ITypeSymbol? result) = Return(method, emits);

        if (emits && resends)
        {
            diagnostics.Add(Descriptors.Contradiction, method.SourceLocation(), method.Name, "has both [JstpEmit] and [JstpResend], but an event has no answer that could be lost: remove one");
        }
        else if (emits && result is not null)
        {
            diagnostics.Add(Descriptors.Contradiction, method.SourceLocation(), method.Name, "has [JstpEmit], but an event has no results: return ValueTask, Task or void");
        }

        List<ParameterModel> parameters = [];

        foreach (IParameterSymbol parameter in method.Parameters)
        {
            ParseParameter(method, parameter, parameters);
        }

        string? token = Token(method, emits, kind);
        IEnumerable<ITypeSymbol> results = result switch
        {
            null => [],
            INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.Select(static element => element.Type),
            _ => [result],
        };

        Methods.Add(new MethodModel(
            SymbolText.OfPresent(method.ContainingType),
            SymbolText.Identifier(method.Name),
            remoteName,
            emits ? CallKind.Emit : resends ? CallKind.CallWithResend : CallKind.Call,
            SymbolText.Of(method.ReturnType),
            kind,
            parameters.ToEquatableArray(),
            token,
            result is null ? null : SymbolText.Of(result),
            results.Select(type => Converter(type, method, method.SourceLocation())).ToEquatableArray()));
    }

    private (ReturnKind Kind, ITypeSymbol? Result) Return(IMethodSymbol method, bool emits)
    {
        if (method.ReturnsVoid && emits)
        {
            return (ReturnKind.Nothing, null);
        }

        ReturnKind? kind = method.ReturnType.FullName() switch
        {
            "System.Threading.Tasks.Task" or "System.Threading.Tasks.Task`1" => ReturnKind.Task,
            "System.Threading.Tasks.ValueTask" or "System.Threading.Tasks.ValueTask`1" => ReturnKind.ValueTask,
            _ => null,
        };

        if (kind is null && !IsUnknown(method.ReturnType))
        {
            diagnostics.Add(Descriptors.UnsupportedReturn, method.SourceLocation(), method.Name, SymbolText.ForMessage(method.ReturnType));
        }

        return (kind ?? ReturnKind.Nothing, (method.ReturnType as INamedTypeSymbol)?.TypeArguments.FirstOrDefault());
    }

    private void ParseParameter(IMethodSymbol method, IParameterSymbol parameter, List<ParameterModel> parameters)
    {
        if (parameter.RefKind != RefKind.None)
        {
            diagnostics.Add(Descriptors.ByReference, parameter.SourceLocation(), parameter.Name, method.Name);
        }
        else if (!IsToken(parameter))
        {
            bool isRest = parameter.IsParams && parameter.Type is IArrayTypeSymbol;
            ITypeSymbol type = isRest ? ((IArrayTypeSymbol)parameter.Type).ElementType : parameter.Type;
            parameters.Add(new ParameterModel(
                SymbolText.Identifier(parameter.Name), SymbolText.Of(parameter.Type), Converter(type, method, parameter.SourceLocation()), isRest));
        }
    }

    private string? Token(IMethodSymbol method, bool emits, ReturnKind kind)
    {
        ImmutableArray<IParameterSymbol> all = method.Parameters;

        foreach (IParameterSymbol misplaced in all.Where(parameter => IsToken(parameter) && parameter.Ordinal != all.Length - 1))
        {
            diagnostics.Add(Descriptors.MisplacedToken, misplaced.SourceLocation(), misplaced.Name, method.Name);
        }

        if (all.IsEmpty || !IsToken(all[all.Length - 1]))
        {
            return null;
        }

        if (emits && kind == ReturnKind.Nothing)
        {
            diagnostics.Add(Descriptors.Contradiction, method.SourceLocation(), method.Name, "waits for nothing that a cancellation token could give up: return ValueTask");
        }

        return SymbolText.Identifier(all[all.Length - 1].Name);
    }

    private void ParseEvent(IEventSymbol @event)
    {
        string remoteName = RemoteName(@event, JstpNaming.EventName(@event.Name));
        CheckName(@event, remoteName, _heard);

        if (IsUnknown(@event.Type) || ((INamedTypeSymbol)@event.Type).DelegateInvokeMethod is not { } invoke)
        {
            return;
        }

        if (!invoke.ReturnsVoid)
        {
            diagnostics.Add(Descriptors.EventReturns, @event.SourceLocation(), @event.Name, SymbolText.ForMessage(invoke.ReturnType));
        }

        foreach (IParameterSymbol parameter in invoke.Parameters.Where(static parameter => parameter.RefKind != RefKind.None))
        {
            diagnostics.Add(Descriptors.ByReference, @event.SourceLocation(), parameter.Name, @event.Name);
        }

        Events.Add(new EventModel(
            SymbolText.OfPresent(@event.ContainingType),
            SymbolText.Identifier(@event.Name),
            remoteName,
            SymbolText.Of(@event.Type),
            SymbolText.OfPresent(@event.Type),
            invoke.Parameters.Select(parameter => Converter(parameter.Type, @event, @event.SourceLocation())).ToEquatableArray()));
    }

    private static string RemoteName(ISymbol member, string derived) => member.FindAttribute(Attributes + "JstpNameAttribute") is { } attribute
        ? attribute.FirstText() ?? ""
        : derived;

    private void CheckName(ISymbol member, string name, Dictionary<string, ISymbol> taken)
    {
        if (!JstpNaming.IsUsable(name))
        {
            diagnostics.Add(Descriptors.UnusableName, member.SourceLocation(), name);
        }
        else if (taken.TryGetValue(name, out ISymbol? other))
        {
            diagnostics.Add(Descriptors.DuplicateName, member.SourceLocation(), SymbolText.ForMessage(other), SymbolText.ForMessage(member), name);
        }
        else
        {
            taken.Add(name, member);
        }
    }

    private string Converter(ITypeSymbol type, ISymbol member, Location? location)
    {
        if (IsUnknown(type))
        {
            return "";
        }

        try
        {
            return converters.Find(type);
        }
        catch (UnsupportedTypeException exception) when (IsUnknown(exception.Type))
        {
            return "";
        }
        catch (UnsupportedTypeException exception)
        {
            diagnostics.Add(Descriptors.UnsupportedType, location, SymbolText.ForMessage(exception.Type), member.Name, exception.Message);

            return "";
        }
    }

    private bool IsUnknown(ITypeSymbol type)
    {
        bool isUnknown = type.TypeKind == TypeKind.Error;
        HasUnknownTypes |= isUnknown;

        return isUnknown;
    }

    private static bool IsToken(IParameterSymbol parameter) => parameter.Type.FullName() == TypeNames.CancellationToken;
}
