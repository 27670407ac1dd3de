using Jstp.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Jstp.Generators.Diagnostics;

/// <summary>A complaint that can be compared.</summary>
internal sealed record DiagnosticInfo(DiagnosticDescriptor Descriptor, LocationInfo? Location, EquatableArray<string> Arguments)
{
    public Diagnostic ToDiagnostic() =>
        Diagnostic.Create(Descriptor, Location?.ToLocation() ?? Microsoft.CodeAnalysis.Location.None, [.. Arguments]);
}
