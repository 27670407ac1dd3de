using System.Globalization;
using Jstp.Client;
using Jstp.Client.Connections;
using Jstp.ClientBenchmark;

// URL OUTSTANDING SECONDS: prints calls a second, and the median and 99th percentile of the latency in microseconds.
if (args is not [var url, var outstanding, var seconds])
{
    Console.Error.WriteLine("URL OUTSTANDING SECONDS");
    return 2;
}

await using JstpClientConnection connection = await JstpClient.ConnectAsync("conformance", null, url);
var load = new ClientLoad(connection, int.Parse(outstanding, CultureInfo.InvariantCulture));
Console.WriteLine(await load.RunAsync(TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture))));

return 0;
