namespace Jstp.Benchmarks.Dispatch;

/// <summary>An interface class whose methods do nothing that takes time.</summary>
public sealed class DepotInterface
{
    public double Add(double a, double b) => a + b;

    public Part Keep(Part part) => part;
}
