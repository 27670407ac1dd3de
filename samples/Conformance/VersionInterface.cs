using System.Diagnostics.CodeAnalysis;
using Jstp.Actors.Connections;

namespace Jstp.Samples.Conformance;

/// <summary>Tells versions apart.</summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Methods of an interface class are instance methods.")]
public sealed class VersionInterface
{
    public string Current(JstpConnection connection) => connection.Application.Version.ToString();
}
