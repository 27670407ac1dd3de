using System.Text.Json;
using System.Text.Json.Serialization;
using Jstp.LoadGenerator;
using Jstp.LoadGenerator.Measurement;
using Jstp.LoadGenerator.Report;

var json = new JsonSerializerOptions
{
    PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
};

try
{
    LoadOptions options = LoadOptions.Parse(args);

    if (options.ReportFile.Length > 0)
    {
        RunResult[] runs = [.. File.ReadLines(options.ReportFile).Select(line => JsonSerializer.Deserialize<RunResult>(line, json)!)];
        Console.Write(options.Command == "report" ? ComparisonReport.Create(runs) : StoreReport.Create(runs));
        return 0;
    }

    RunResult result = options.Command == "idle" ? Runner.MeasureIdle(options) : Runner.MeasureCalls(options);
    Console.WriteLine(JsonSerializer.Serialize(result, json));
    return result.Errors == 0 ? 0 : 1;
}
catch (LoadException e)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine(LoadOptions.Usage);
    return 2;
}
