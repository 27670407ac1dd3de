using SignalRServer;

// The ASP.NET Core SignalR server that bench/compare.sh measures against: JSON protocol, defaults, no logging.
// Usage: dotnet SignalRServer.dll --urls http://127.0.0.1:PORT
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.Services.AddSignalR();

WebApplication app = builder.Build();
app.MapHub<EchoHub>("/hub");
app.Run();
