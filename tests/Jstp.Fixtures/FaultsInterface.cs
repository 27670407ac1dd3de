using System.Diagnostics.CodeAnalysis;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Fixtures;

[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Methods of an interface class are instance methods.")]
public sealed class FaultsInterface
{
    public void Code() => throw new JstpException(5001);

    public void Text() => throw new JstpException(1, "Shelf jammed");

    public void Array() => throw new JstpException(5002, "Shelf missing", MdsfValue.CreateObject(("shelf", "Z")));

    public void Plain() => throw new JstpException(1, "Error: door open");

    public void Remote() => throw new JstpException(5003, "Quota", MdsfValue.CreateObject(("max", 3)), "retry later");

    public void Bare() => throw new JstpException(5004);

    public void Standard() => throw new JstpException(16, "On fire", "floor 2");

    public void Throws() => throw new InvalidOperationException("thrown by faults.throws");

    public async Task Rejects() => await FailAsync(new InvalidOperationException("thrown by faults.rejects"));

    public async Task RejectsCode() => await FailAsync(new JstpException(5005));

    public async Task RejectsRemote() => await FailAsync(new JstpException(5006, "No lift", "L2"));

    // .NET has no failure without an exception; a cancelled task comes closest.
    public async Task RejectsNothing() => await FailAsync(new TaskCanceledException());

    // A method of ours cannot answer twice; the recording's second answer is a defect (D16).
    public int Twice() => 1;

    private static async Task FailAsync(Exception exception)
    {
        await Task.Yield();

        throw exception;
    }
}
