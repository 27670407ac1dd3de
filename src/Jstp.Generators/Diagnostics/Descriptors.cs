using Microsoft.CodeAnalysis;

namespace Jstp.Generators.Diagnostics;

/// <summary>Everything that can be wrong with the interface of a proxy (docs/client.md, "What the compiler says"). Numbers are never used again.</summary>
internal static class Descriptors
{
    private const string Category = "Jstp";

    public static readonly DiagnosticDescriptor NotPartial = Create(
        "JSTP001", "The interface of a proxy is not partial", "Declare '{0}' as partial, so that the proxy can be added to it");

    public static readonly DiagnosticDescriptor Generic = Create(
        "JSTP002", "The interface of a proxy is generic", "'{0}' has type parameters, or stands in a type that has: a proxy needs types that are known when it is compiled");

    public static readonly DiagnosticDescriptor ContainerNotPartial = Create(
        "JSTP003", "A type around the interface of a proxy is not partial", "Declare '{0}' as partial, or move '{1}' out of it");

    public static readonly DiagnosticDescriptor UnsupportedMember = Create(
        "JSTP004", "A member has no counterpart in JSTP", "'{0}' cannot be part of a proxy: {1}. Methods that return tasks, and events, can.");

    public static readonly DiagnosticDescriptor UnsupportedReturn = Create(
        "JSTP005", "A method returns something else than a task", "'{0}' returns '{1}', but an answer takes time: return Task, Task<T>, ValueTask or ValueTask<T>");

    public static readonly DiagnosticDescriptor ByReference = Create(
        "JSTP006", "A parameter is passed by reference", "'{0}' of '{1}' is passed by reference, which cannot be done over a connection: pass it by value and return results, several as a tuple");

    public static readonly DiagnosticDescriptor UnsupportedType = Create(
        "JSTP007", "A type has no form in MDSF", "'{0}' in '{1}' cannot be converted: {2}");

    public static readonly DiagnosticDescriptor DuplicateName = Create(
        "JSTP008", "Two members have one name on the server", "'{0}' and '{1}' are both '{2}' on the server: rename one with [JstpName]");

    public static readonly DiagnosticDescriptor UnusableName = Create(
        "JSTP009", "A name can never be looked up", "'{0}' can be no name on the server: 1 to 256 UTF-16 code units, and not __proto__");

    public static readonly DiagnosticDescriptor EventReturns = Create(
        "JSTP010", "The delegate of an event returns something", "Handlers of '{0}' return '{1}', but nobody answers an event: use a delegate that returns void");

    public static readonly DiagnosticDescriptor MisplacedToken = Create(
        "JSTP011", "A cancellation token is not the last parameter", "'{0}' of '{1}' must be its only CancellationToken and its last parameter: it is no argument, but gives the call up");

    public static readonly DiagnosticDescriptor Contradiction = Create(
        "JSTP012", "Attributes contradict the method", "'{0}' {1}");

    private static DiagnosticDescriptor Create(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true);
}
