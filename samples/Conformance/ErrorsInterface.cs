using System.Diagnostics.CodeAnalysis;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Samples.Conformance;

/// <summary>Fails in every way there is.</summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Methods of an interface class are instance methods.")]
public sealed class ErrorsInterface
{
    public void Code(int n) => throw new JstpException(n);

    public void Message(string s) => throw new JstpException(1, s);

    public void Custom(int n, string s) => throw new JstpException(n, s);

    public void Info(int n, string s, MdsfValue x) => throw new JstpException(n, s, x);

    public void Throws() => throw new InvalidOperationException("This text must not reach a client.");

    public async Task AsyncThrows()
    {
        await Task.Yield();

        throw new InvalidOperationException("This text must not reach a client.");
    }
}
