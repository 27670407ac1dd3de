using Jstp.Client.Remote;
using Jstp.Transport.Mdsf;

namespace Jstp.Client.Tests.TypedProxies;

/// <summary>Hears of a text and an item.</summary>
internal delegate void SaidHandler(string text, Item? item);

/// <summary>A proxy with something of everything.</summary>
[JstpProxy]
internal partial interface IDepot
{
    event SaidHandler Said;

    event Action<string, int>? Typed;

    Task<(string Text, int Count, Item Item)> ThreeAsync(string text, int count, Item item);

    ValueTask<Item?> FindAsync(string? sku);

    [JstpResend]
    Task<string?> AskAsync(string question, CancellationToken cancellationToken = default);

    Task<int> SumAsync(params int[] numbers);

    ValueTask NothingAsync();

    Task NeverAsync(CancellationToken cancellationToken);

    [JstpName("all of it")]
    Task<bool> EverythingAsync();

    Task<MdsfValue> ValueAsync(MdsfValue value);

    Task SayAsync(MdsfValue[] arguments);

    [JstpEmit]
    ValueTask TypingAsync(string who, int letters);

    [JstpEmit]
    void Looked(string at);
}
