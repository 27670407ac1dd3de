using System.Diagnostics.CodeAnalysis;
using Jstp.Actors.Connections;

namespace Jstp.Fixtures;

[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Methods of an interface class are instance methods.")]
public sealed class InfoInterface
{
    public string Version(JstpConnection connection) => connection.Application.Version.ToString();

    public string? Who(JstpConnection connection) => connection.UserName;
}
