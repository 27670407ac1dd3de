using Jstp.Client.Events;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Applications;

/// <summary>An interface as it is called. Immutable.</summary>
internal sealed record ServedInterface(Utf8NameTable<ServedMethod> Methods, Utf8NameTable<EventSubscriber> Events);
