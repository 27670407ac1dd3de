using System.Globalization;
using Microsoft.Extensions.Options;

namespace Jstp.Transport.WebSockets;

/// <summary>Finds every setting that makes no sense, so that they are seen together and at start-up.</summary>
internal sealed class WebSocketServerOptionsValidator : IValidateOptions<WebSocketServerOptions>
{
    /// <summary>The longest span that the framework's timers take.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>Throws when the options make no sense.</summary>
    /// <exception cref="OptionsValidationException">They do not; the message lists why.</exception>
    public static void ThrowIfInvalid(WebSocketServerOptions options)
    {
        ValidateOptionsResult result = new WebSocketServerOptionsValidator().Validate(null, options);

        if (result.Failed)
        {
            throw new OptionsValidationException(nameof(WebSocketServerOptions), typeof(WebSocketServerOptions), result.Failures);
        }
    }

    public ValidateOptionsResult Validate(string? name, WebSocketServerOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();

        ValidateSizes(options, errors);
        ValidateTimes(options, errors);
        ValidateCounts(options, errors);

        foreach (string origin in options.AllowedOrigins ?? [])
        {
            if (!OriginList.IsValid(origin))
            {
                errors.AddError($"'{origin}' is not an origin such as https://example.org.", nameof(options.AllowedOrigins));
            }
        }

        return errors.Build();
    }

    private static void ValidateSizes(WebSocketServerOptions options, ValidateOptionsResultBuilder errors)
    {
        RequireRange(errors, nameof(options.MaxReceivedFrameSize), options.MaxReceivedFrameSize, 1, Array.MaxLength);
        RequireRange(errors, nameof(options.MaxReceivedMessageSize), options.MaxReceivedMessageSize, 1, Array.MaxLength);
        RequireRange(errors, nameof(options.FragmentationThreshold), options.FragmentationThreshold, 1, int.MaxValue);
        RequireRange(errors, nameof(options.MaxSendBacklog), options.MaxSendBacklog, 1, long.MaxValue);
        RequireRange(errors, "Compression.Threshold", options.Compression?.Threshold, 0, int.MaxValue);

        if (options.Compression is { } compression && !Enum.IsDefined(compression.Level))
        {
            errors.AddError("is not one of the levels.", "Compression.Level");
        }

        if (options.MaxReceivedMessageSize is null && options.AssembleFragments)
        {
            errors.AddError("is needed where messages are assembled, or a peer decides about our memory.", nameof(options.MaxReceivedMessageSize));
        }

        if (options is { Compression: not null, AssembleFragments: false })
        {
            errors.AddError("works on whole messages, so it needs AssembleFragments.", nameof(options.Compression));
        }

        if (options is { AcceptBinary: false, AcceptText: false })
        {
            errors.AddError("and AcceptBinary must not both be off.", nameof(options.AcceptText));
        }
    }

    private static void ValidateTimes(WebSocketServerOptions options, ValidateOptionsResultBuilder errors)
    {
        if (options.KeepAlive)
        {
            RequireTime(errors, nameof(options.KeepAliveInterval), options.KeepAliveInterval, infiniteAllowed: false);
            RequireTime(errors, nameof(options.KeepAliveGracePeriod), options.KeepAliveGracePeriod, infiniteAllowed: false);
        }

        RequireTime(errors, nameof(options.CloseTimeout), options.CloseTimeout, infiniteAllowed: true);
        RequireTime(errors, nameof(options.DecisionTimeout), options.DecisionTimeout, infiniteAllowed: true);
        RequireTime(errors, nameof(options.SendTimeout), options.SendTimeout, infiniteAllowed: true);
        RequireTime(errors, nameof(options.DrainTimeout), options.DrainTimeout ?? options.CloseTimeout, infiniteAllowed: true);
    }

    private static void ValidateCounts(WebSocketServerOptions options, ValidateOptionsResultBuilder errors)
    {
        RequireRange(errors, nameof(options.MaxFragmentsPerMessage), options.MaxFragmentsPerMessage, 1, int.MaxValue);
        RequireRange(errors, nameof(options.MaxPendingRequests), options.MaxPendingRequests, 1, int.MaxValue);
        RequireRange(errors, nameof(options.MaxConnections), options.MaxConnections, 1, int.MaxValue);
        RequireRange(errors, nameof(options.MaxConnectionsPerAddress), options.MaxConnectionsPerAddress, 1, int.MaxValue);
        RequireRange(errors, nameof(options.MaxControlFramesPerSecond), options.MaxControlFramesPerSecond, 1, int.MaxValue);

        if (!Enum.IsDefined(options.SlowConsumerPolicy))
        {
            errors.AddError("is not one of the policies.", nameof(options.SlowConsumerPolicy));
        }
    }

    private static void RequireRange(ValidateOptionsResultBuilder errors, string name, long? value, long least, long most)
    {
        if (value < least || value > most)
        {
            errors.AddError(string.Create(CultureInfo.InvariantCulture, $"is {value}; it must be from {least} to {most}."), name);
        }
    }

    private static void RequireTime(ValidateOptionsResultBuilder errors, string name, TimeSpan value, bool infiniteAllowed)
    {
        if ((value <= TimeSpan.Zero || value > LongestTimer) && !(infiniteAllowed && value == Timeout.InfiniteTimeSpan))
        {
            errors.AddError($"is {value}; it must be positive{(infiniteAllowed ? " or infinite (-00:00:00.0010000)" : "")}, at most 49 days.", name);
        }
    }
}
