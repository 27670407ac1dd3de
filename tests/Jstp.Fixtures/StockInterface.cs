using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Jstp.Transport.Mdsf;

namespace Jstp.Fixtures;

[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Methods of an interface class are instance methods.")]
public sealed class StockInterface
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<MdsfValue>> _held = new(StringComparer.Ordinal);

    public int Count(MdsfValue sku) => sku == "bolt" ? 12 : 0;

    public async Task<MdsfValue> Locate(MdsfValue sku)
    {
        await Task.Yield();

        return MdsfValue.CreateObject(("sku", sku), ("bin", "A3"));
    }

    public (string Done, MdsfValue Quantity) Move(MdsfValue from, MdsfValue to, MdsfValue qty) => ("moved", qty);

    public void Nothing()
    {
    }

    public Task<MdsfValue> Undef() => Task.FromResult(MdsfValue.Undefined);

    public (MdsfValue First, int Second, MdsfValue Third) Gaps() => (MdsfValue.Undefined, 7, MdsfValue.Undefined);

    public MdsfValue Echo(MdsfValue value) => value;

    // Answered in the very turn that releases it, as the recordings have it.
    public Task<MdsfValue> Hold(string key) => _held.GetOrAdd(key, static _ => new TaskCompletionSource<MdsfValue>()).Task;

    public void Release(string key, MdsfValue value)
    {
        if (_held.TryRemove(key, out TaskCompletionSource<MdsfValue>? held))
        {
            held.SetResult(value);
        }
    }
}
