using Jstp.Generators.Model;
using Jstp.Generators.Parsing;

namespace Jstp.Generators.Emission;

/// <summary>Writes the events of a proxy: the first handler subscribes, the last one that is removed ends the subscription.</summary>
internal static class EventEmitter
{
    public static void Emit(SourceBuilder source, EventModel @event, int number)
    {
        string handlers = $"_handlers{number}";
        string subscription = $"_subscription{number}";
        source.Line($"private {@event.DelegateType}? {handlers};");
        source.Line($"private global::System.IDisposable? {subscription};");
        source.Line();
        source.Open($"event {@event.DeclaredType} {@event.DeclaringType}.{@event.Name}");
        source.Open("add");
        source.Open("lock (this._subscribing)");
        source.Line($"this.{handlers} += value;");
        source.Line();
        source.Open($"if (this.{handlers} is not null)");
        source.Line($"this.{subscription} ??= this._remote.On({SymbolText.Literal(@event.RemoteName)}, this.Raise{number});");
        source.Close();
        source.Close();
        source.Close();
        source.Line();
        source.Open("remove");
        source.Open("lock (this._subscribing)");
        source.Line($"this.{handlers} -= value;");
        source.Line();
        source.Open($"if (this.{handlers} is null)");
        source.Line($"this.{subscription}?.Dispose();");
        source.Line($"this.{subscription} = null;");
        source.Close();
        source.Close();
        source.Close();
        source.Close();
        source.Line();
        source.Line($"private void Raise{number}(ref global::Jstp.Transport.Mdsf.MdsfReader reader) =>");
        source.Line($"    global::System.Threading.Volatile.Read(ref this.{handlers})?.Invoke({string.Join(", ", @event.Converters.Select(ConverterEmitter.ReadNext))});");
    }
}
