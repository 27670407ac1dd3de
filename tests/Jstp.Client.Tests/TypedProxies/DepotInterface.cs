using System.Diagnostics.CodeAnalysis;
using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Transport.Mdsf;

namespace Jstp.Client.Tests.TypedProxies;

/// <summary>What the server has for <see cref="IDepot"/>: mapped by reflection, so that the two ways are compared.</summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Methods of an interface class are instance methods.")]
public sealed class DepotInterface
{
    public (string Text, int Count, Item Item) ThreeAsync(string text, int count, Item item) => (text, count, item);

    public Item? Find(string? sku) => sku is null ? null : new Item(sku, 1);

    public int Sum(params int[] numbers) => numbers.Sum();

    public void Nothing()
    {
    }

    public MdsfValue Value(MdsfValue value) => value;

    public string Text(MdsfValue value) => MdsfSerializer.Default.SerializeToString(value);

    public Task NeverAsync(CancellationToken ended) => Task.Delay(Timeout.Infinite, ended);

    [JstpMethod("all of it")]
    public bool All() => true;

    [JstpEvent]
    public void OnTyping(JstpConnection connection, string who, int letters) => connection.Emit("depot", "typed", who, letters);

    public void Say(JstpConnection connection, MdsfValue[] arguments) => connection.Emit("depot", "said", [.. arguments]);
}
