using Jstp.Transport.Mdsf;

namespace Jstp.Cluster.Tests.Swarms;

/// <summary>How a call ended.</summary>
/// <param name="ErrorCode">The code of the error; null for results. -1 when the answer was lost with its connection.</param>
/// <param name="Results">The results.</param>
internal sealed record CallOutcome(int? ErrorCode, IReadOnlyList<MdsfValue> Results)
{
    /// <summary>The answer was lost with its connection: the call may have been executed or not.</summary>
    public static CallOutcome Lost { get; } = new(-1, []);

    /// <summary>The first result.</summary>
    /// <exception cref="InvalidOperationException">The call failed.</exception>
    public MdsfValue Result => ErrorCode is null ? Results[0] : throw new InvalidOperationException($"The call failed with error {ErrorCode}.");
}
