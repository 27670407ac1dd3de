using System.Diagnostics.CodeAnalysis;

namespace Jstp.Samples.Conformance;

/// <summary>Takes its time.</summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Methods of an interface class are instance methods.")]
public sealed class TimeInterface
{
    public async Task<double> Delay(double ms, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(ms), cancellationToken);

        return ms;
    }

    public Task Never(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
}
