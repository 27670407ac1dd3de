using Jstp.Generators.Diagnostics;

namespace Jstp.Generators.Model;

/// <summary>What came of an interface: a model, unless something about it cannot be mapped.</summary>
internal sealed record ProxyResult(ProxyModel? Model, EquatableArray<DiagnosticInfo> Diagnostics);
