using System.Diagnostics.CodeAnalysis;
using Jstp.Transport.Mdsf;

namespace Jstp.Samples.Conformance;

/// <summary>Answers what it is given.</summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Methods of an interface class are instance methods.")]
public sealed class EchoInterface
{
    public MdsfValue Value(MdsfValue x) => x;

    public (MdsfValue A, MdsfValue B, MdsfValue C) Many(MdsfValue a, MdsfValue b, MdsfValue c) => (a, b, c);

    public void Nothing()
    {
    }

    public async Task<MdsfValue> AsyncValue(MdsfValue x)
    {
        await Task.Yield();

        return x;
    }

    public int Size(string s) => s.Length;
}
