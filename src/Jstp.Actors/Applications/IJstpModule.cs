using Jstp.Actors.Hosting;

namespace Jstp.Actors.Applications;

/// <summary>
/// Applications in an assembly of their own, which the Host loads by name or by path. A module has a public constructor without parameters.
/// </summary>
public interface IJstpModule
{
    /// <summary>Adds the module's applications.</summary>
    void Configure(JstpServerOptions options);
}
