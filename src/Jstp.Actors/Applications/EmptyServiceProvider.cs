namespace Jstp.Actors.Applications;

/// <summary>Stands in for a service provider in programs without one.</summary>
internal sealed class EmptyServiceProvider : IServiceProvider
{
    public static EmptyServiceProvider Instance { get; } = new();

    public object? GetService(Type serviceType) => null;
}
