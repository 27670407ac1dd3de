using Jstp.Host;

try
{
    Node node = NodeBuilder.Build(args);
    await node.StartAsync();

    foreach (string url in node.Urls)
    {
        Console.WriteLine($"Listening on {url}");
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
