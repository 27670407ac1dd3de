using Jstp.Actors.Hosting;
using Jstp.Host.Endpoints;
using Jstp.Transport.WebSockets;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Jstp.Host;

/// <summary>Puts a node together from its configuration.</summary>
internal static partial class NodeBuilder
{
    private const string DefaultUrl = "http://127.0.0.1:3000";
    private const string InlineCompletionsKey = JstpServerOptions.SectionName + ":InlineCompletions";
    private const string ConfigurationFile = "jstp.json";

    // What the HTTP server may take when the JSTP server has stopped.
    private static readonly TimeSpan HttpShutdownTime = TimeSpan.FromSeconds(10);

    /// <summary>Makes a node that is ready to start.</summary>
    /// <exception cref="StartException">The configuration cannot work; the message names the key.</exception>
    public static Node Build(string[] args)
    {
        // Found next to the program, wherever it is started from.
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        AddConfigurationFile(builder.Configuration);
        ConfigureLogging(builder);

        IConfigurationSection section = builder.Configuration.GetSection(JstpServerOptions.SectionName);
        NodeEndpoints endpoints = AddEndpoints(builder, section);

        builder.Services.AddJstp(options =>
        {
            section.Bind(options);
            options.AllowedOrigins = TextLists.Read(section, nameof(JstpServerOptions.AllowedOrigins)) ?? options.AllowedOrigins;
            ModuleLoader.AddTo(options, section);
        });
        SessionStores.AddTo(builder.Services, section);
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<JstpServerOptions>>(
            static (host, jstp) => host.ShutdownTimeout = jstp.Value.DrainTimeout + jstp.Value.ShutdownTimeout + HttpShutdownTime);

        WebApplication application = builder.Build();
        application.MapHealth();
        application.MapJstp("/{**path}");

        foreach (string key in ConfigurationKeys.FindUnknown(section))
        {
            LogUnknownKey(application.Logger, key);
        }

        return new Node(application, endpoints);
    }

    private static NodeEndpoints AddEndpoints(WebApplicationBuilder builder, IConfigurationSection section)
    {
        string? urls = builder.Configuration[WebHostDefaults.ServerUrlsKey];
        var endpoints = new NodeEndpoints(EndpointReader.Read(section, urls));

        if (endpoints.Any)
        {
            builder.WebHost.UseUrls(";"); // none, in a form that does not fall back to the command line: they are endpoints now
        }
        else if (string.IsNullOrEmpty(urls) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        builder.WebHost
            .UseJstpSockets(inlineCompletions: builder.Configuration.GetValue<bool>(InlineCompletionsKey))
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                endpoints.AddTo(kestrel);
            });

        return endpoints;
    }

    /// <summary>Reads <c>jstp.json</c> in the working directory; environment and command line go before it.</summary>
    private static void AddConfigurationFile(ConfigurationManager configuration)
    {
        string path = Path.Combine(Environment.CurrentDirectory, ConfigurationFile);
        var source = new JsonConfigurationSource { Path = path, Optional = true };
        source.ResolveFileProvider();
        IList<IConfigurationSource> sources = configuration.Sources;
        int lastFile = sources.Select((candidate, index) => (candidate, index)).Last(entry => entry.candidate is JsonConfigurationSource).index;
        sources.Insert(lastFile + 1, source);
    }

    // Standard output has one line, which scripts wait for; everything else is on standard error.
    private static void ConfigureLogging(WebApplicationBuilder builder)
    {
        builder.Logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.None);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    [LoggerMessage(3000, LogLevel.Warning, "The configuration key '{Key}' is no setting and has no effect.")]
    private static partial void LogUnknownKey(ILogger logger, string key);
}
