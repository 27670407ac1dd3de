using Jstp.Generators.Diagnostics;
using Jstp.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Jstp.Generators.Parsing;

/// <summary>Collects what is wrong with one interface.</summary>
/// <param name="fallback">Where to complain about what is declared in another assembly.</param>
internal sealed class DiagnosticSink(Location fallback)
{
    private readonly List<DiagnosticInfo> _diagnostics = [];

    public bool IsEmpty => _diagnostics.Count == 0;

    public void Add(DiagnosticDescriptor descriptor, Location? location, params string[] arguments) =>
        _diagnostics.Add(new DiagnosticInfo(descriptor, LocationInfo.From(location ?? fallback), arguments.ToEquatableArray()));

    public EquatableArray<DiagnosticInfo> ToArray() => _diagnostics.ToEquatableArray();
}
