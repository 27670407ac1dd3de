using Jstp.EchoBenchmark;

// serve --urls http://127.0.0.1:PORT [--deflate true]    an echo on System.Net.WebSockets, to compare with
// load --url ws://… --size BYTES [--connections 50] [--outstanding 8] [--seconds 4] [--deflate true] [--pid SERVER]
IConfiguration arguments = new ConfigurationBuilder().AddCommandLine(args).Build();

switch (args.FirstOrDefault())
{
    case "serve":
        await SystemWebSocketsServer.RunAsync(args[1..], arguments.GetValue<bool>("deflate"));
        return 0;

    case "load":
        LoadSettings settings = arguments.Get<LoadSettings>() ?? new LoadSettings();
        Console.WriteLine(await EchoLoad.RunAsync(settings));
        return 0;

    default:
        Console.Error.WriteLine("One of: serve, load.");
        return 2;
}
