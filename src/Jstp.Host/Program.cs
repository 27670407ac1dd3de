using Jstp.Actors.Hosting;
using Jstp.Host;

try
{
    WebApplication node = NodeBuilder.Build(args);

    // Before the host does it, which would log a store that cannot be used with its stack trace.
    await node.Services.GetRequiredService<JstpServer>().StartAsync();
    await node.StartAsync();

    foreach (string url in node.Urls)
    {
        Console.WriteLine($"Listening on {ListeningLine.ToWebSocketUrl(url)}");
    }

    await node.WaitForShutdownAsync();
    await node.DisposeAsync();

    return 0;
}
catch (Exception exception) when (StartFailure.Explain(exception) is { } explanation)
{
    await Console.Error.WriteLineAsync(explanation);

    return 1;
}
