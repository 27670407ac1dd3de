using System.Diagnostics.CodeAnalysis;
using Jstp.Transport.Protocol;

namespace Jstp.Samples.Conformance;

/// <summary>Calculates.</summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Methods of an interface class are instance methods.")]
public sealed class CalculatorInterface
{
    public int Answer() => 42;

    public double Add(double a, double b) => a + b;

    public double Divide(double a, double b) => b == 0 ? throw new JstpException(1, "Division by zero") : a / b;
}
