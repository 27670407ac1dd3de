using Jstp.Samples.WebSocketEcho;
using Jstp.Transport.WebSockets;

// Echoes text and binary messages:
//   dotnet run -c Release --project samples/WebSocketEcho -- --urls http://127.0.0.1:9001 --maxMessage 67108864 --deflate
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(EchoSettings.CompleteSwitches(args));
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseJstpSockets().UseKestrelHttpsConfiguration();

EchoSettings settings = builder.Configuration.Get<EchoSettings>() ?? new EchoSettings();
WebApplication app = builder.Build();

if (settings.Raw)
{
    app.Run(new RawEcho(settings).HandleAsync);
}
else
{
    app.MapWebSocketServer("{**path}", Echo.OnRequestAsync, settings.Apply);
}

await app.StartAsync();
Console.WriteLine($"Listening on {string.Join(", ", app.Urls)}");
await app.WaitForShutdownAsync();
