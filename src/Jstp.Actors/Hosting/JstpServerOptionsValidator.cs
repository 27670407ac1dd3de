using System.IO.Compression;
using Jstp.Actors.Persistence;
using Jstp.Transport.WebSockets;
using Microsoft.Extensions.Options;

namespace Jstp.Actors.Hosting;

/// <summary>Refuses options that cannot work, each with its key, so that a wrong configuration stops the start.</summary>
internal sealed class JstpServerOptionsValidator : IValidateOptions<JstpServerOptions>
{
    private const int MaxNodeNameLength = 64;

    // Timers of the runtime go up to 2^32 - 2 ms; a day less makes room for any sum.
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(48);

    private static readonly TimeSpan ShortestJournalInterval = TimeSpan.FromMilliseconds(1); // the resolution of timers
    private static readonly TimeSpan LongestJournalInterval = TimeSpan.FromSeconds(10);

    public ValidateOptionsResult Validate(string? name, JstpServerOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();

        if (!IsNodeName(options.Node))
        {
            Report(errors, nameof(options.Node), $"must be 1 to {MaxNodeNameLength} letters, digits, dots, dashes or underscores");
        }

        CheckTimes(options, errors);
        CheckLimits(options, errors);
        CheckCluster(options, errors);
        CheckOrigins(options, errors);
        CheckWebSocket(options.WebSocket, errors);

        return errors.Build();
    }

    private static void CheckTimes(JstpServerOptions options, ValidateOptionsResultBuilder errors)
    {
        CheckTime(errors, nameof(options.HeartbeatInterval), options.HeartbeatInterval);
        CheckTime(errors, nameof(options.ClientExpirationTime), options.ClientExpirationTime);
        CheckTime(errors, nameof(options.HandshakeTimeout), options.HandshakeTimeout);
        CheckTime(errors, nameof(options.CloseTimeout), options.CloseTimeout);
        CheckTime(errors, nameof(options.SendTimeout), options.SendTimeout);
        CheckTime(errors, nameof(options.KeepAliveInterval), options.KeepAliveInterval);
        CheckTime(errors, nameof(options.KeepAliveGracePeriod), options.KeepAliveGracePeriod);
        CheckTime(errors, nameof(options.ShutdownTimeout), options.ShutdownTimeout);
        CheckTime(errors, nameof(options.DrainTimeout), options.DrainTimeout);
        CheckTime(errors, nameof(options.DrainInterval), options.DrainInterval);
    }

    private static void CheckLimits(JstpServerOptions options, ValidateOptionsResultBuilder errors)
    {
        CheckRange(errors, nameof(options.MaxMessageSize), options.MaxMessageSize, 1024, 1024 * 1024 * 1024);
        CheckRange(errors, nameof(options.PlainHttpStatus), options.PlainHttpStatus, 200, 599);
        CheckRange(errors, nameof(options.MaxDepth), options.MaxDepth, 1, 1000);
        CheckRange(errors, nameof(options.MaxValueCount), options.MaxValueCount, 1, int.MaxValue);
        CheckRange(errors, nameof(options.MaxRunningCalls), options.MaxRunningCalls, 1, int.MaxValue);
        CheckRange(errors, nameof(options.MaxPendingCalls), options.MaxPendingCalls, 1, int.MaxValue);
        CheckRange(errors, nameof(options.AcknowledgePingMessages), options.AcknowledgePingMessages, 1, int.MaxValue);
        CheckRange(errors, nameof(options.AcknowledgePingBytes), options.AcknowledgePingBytes, 1, long.MaxValue);
        CheckRange(errors, nameof(options.MaxFruitlessConnections), options.MaxFruitlessConnections, 1, int.MaxValue);
        CheckRange(errors, nameof(options.MaxConnections), options.MaxConnections, 1, int.MaxValue);
        CheckRange(errors, nameof(options.MaxConnectionsPerAddress), options.MaxConnectionsPerAddress, 1, int.MaxValue);

        if (options.MaxUnacknowledgedMessages <= options.AcknowledgePingMessages)
        {
            Report(errors, nameof(options.MaxUnacknowledgedMessages), $"must be above {nameof(options.AcknowledgePingMessages)}, or no ping can prevent that it is reached");
        }

        if (options.MaxUnacknowledgedBytes <= options.AcknowledgePingBytes)
        {
            Report(errors, nameof(options.MaxUnacknowledgedBytes), $"must be above {nameof(options.AcknowledgePingBytes)}, or no ping can prevent that it is reached");
        }

        if (options.MaxSendBacklog < options.MaxMessageSize)
        {
            Report(errors, nameof(options.MaxSendBacklog), $"must be at least {nameof(options.MaxMessageSize)}, or such a message could not be sent");
        }

        if (!Enum.IsDefined(options.BufferOverflow))
        {
            Report(errors, nameof(options.BufferOverflow), "is no policy");
        }
    }

    private static void CheckCluster(JstpServerOptions options, ValidateOptionsResultBuilder errors)
    {
        CheckRange(errors, nameof(options.MaxSessionsInMemory), options.MaxSessionsInMemory, 1, int.MaxValue);
        CheckRange(errors, nameof(options.DrainBatchSize), options.DrainBatchSize, 1, int.MaxValue);

        if (!Enum.IsDefined(options.Durability))
        {
            Report(errors, nameof(options.Durability), $"must be one of {string.Join(", ", Enum.GetNames<SessionDurability>())}");
        }

        if (options.JournalInterval < ShortestJournalInterval || options.JournalInterval > LongestJournalInterval)
        {
            Report(errors, nameof(options.JournalInterval), $"must be {ShortestJournalInterval.TotalMilliseconds} ms to {LongestJournalInterval.TotalSeconds} s");
        }

        // The store's clock measures it, so it may be longer than a timer.
        if (options.InactiveSessionLifetime <= TimeSpan.Zero)
        {
            Report(errors, nameof(options.InactiveSessionLifetime), "must be above zero");
        }

        if (options.HandshakeTimeout > TimeSpan.Zero) // from which the default follows
        {
            CheckTime(errors, nameof(options.HandOverTimeout), options.HandOverTimeout);
        }

        if (options.SessionStore is not null && options.HandOverTimeout >= options.HandshakeTimeout)
        {
            Report(errors, nameof(options.HandOverTimeout), $"must be below {nameof(options.HandshakeTimeout)}, or no client would wait for its end");
        }
    }

    private static void CheckOrigins(JstpServerOptions options, ValidateOptionsResultBuilder errors)
    {
        foreach (string origin in options.AllowedOrigins?.Where(static origin => !OriginList.IsValid(origin)) ?? [])
        {
            Report(errors, nameof(options.AllowedOrigins), $"holds '{origin}', which is no origin such as https://example.org");
        }

        if (options is { AllowedOrigins: not null, OriginCheck: not null })
        {
            Report(errors, nameof(options.AllowedOrigins), $"cannot be combined with {nameof(options.OriginCheck)}");
        }
    }

    private static void CheckWebSocket(WebSocketServerOptions options, ValidateOptionsResultBuilder errors)
    {
        const string section = nameof(JstpServerOptions.WebSocket) + ":";
        CheckRange(errors, section + nameof(options.FragmentationThreshold), options.FragmentationThreshold, 1, int.MaxValue);
        CheckRange(errors, section + nameof(options.MaxFragmentsPerMessage), options.MaxFragmentsPerMessage, 1, int.MaxValue);
        CheckRange(errors, section + nameof(options.MaxControlFramesPerSecond), options.MaxControlFramesPerSecond, 1, int.MaxValue);

        CheckRange(errors, section + "Compression:Threshold", options.Compression?.Threshold, 0, int.MaxValue);

        if (options.Compression is { } compression && !Enum.IsDefined(compression.Level))
        {
            Report(errors, section + "Compression:Level", $"must be one of {string.Join(", ", Enum.GetNames<CompressionLevel>())}");
        }

        foreach ((string setting, string rule) in FixedWebSocketSettings.FindChanged(options))
        {
            Report(errors, section + setting, rule);
        }
    }

    private static void CheckTime(ValidateOptionsResultBuilder errors, string key, TimeSpan? time)
    {
        if (time is { } value && (value <= TimeSpan.Zero || value > LongestTime))
        {
            Report(errors, key, $"must be above zero and at most {LongestTime.TotalDays} days");
        }
    }

    private static void CheckRange(ValidateOptionsResultBuilder errors, string key, long? value, long minimum, long maximum)
    {
        if (value < minimum || value > maximum)
        {
            Report(errors, key, $"must be {minimum} to {maximum}");
        }
    }

    private static void Report(ValidateOptionsResultBuilder errors, string key, string rule) =>
        errors.AddError($"{JstpServerOptions.SectionName}:{key} {rule}.");

    private static bool IsNodeName(string? node) =>
        node is { Length: > 0 and <= MaxNodeNameLength } && node.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_');
}
