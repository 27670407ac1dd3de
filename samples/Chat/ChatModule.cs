using Jstp.Actors.Applications;
using Jstp.Actors.Hosting;

namespace Jstp.Samples.Chat;

/// <summary>A chat with rooms. Anonymous visitors may read and write; a name is whatever they say it is.</summary>
public sealed class ChatModule : IJstpModule
{
    /// <inheritdoc/>
    public void Configure(JstpServerOptions options) =>
        options.AddApplication("chat", "1.0.0", application => application.AddInterface<ChatInterface>());
}
