using Microsoft.Extensions.Options;

namespace Jstp.Client;

/// <summary>Refuses options that cannot work, each with its key, before anything is connected.</summary>
internal sealed class JstpClientOptionsValidator : IValidateOptions<JstpClientOptions>
{
    // Timers of the runtime go up to 2^32 - 2 ms; a day less makes room for any sum.
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(48);

    /// <exception cref="OptionsValidationException">A setting cannot work; the message names it.</exception>
    public static void ThrowIfInvalid(JstpClientOptions options)
    {
        ValidateOptionsResult result = new JstpClientOptionsValidator().Validate(name: null, options);

        if (result.Failed)
        {
            throw new OptionsValidationException(nameof(JstpClientOptions), typeof(JstpClientOptions), result.Failures);
        }
    }

    public ValidateOptionsResult Validate(string? name, JstpClientOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        CheckParts(options, errors);
        CheckTimes(options, errors);
        CheckLimits(options, errors);

        return errors.Build();
    }

    private static void CheckParts(JstpClientOptions options, ValidateOptionsResultBuilder errors)
    {
        CheckPart(errors, nameof(options.ConnectPolicy), options.ConnectPolicy);
        CheckPart(errors, nameof(options.Application), options.Application);
        CheckPart(errors, nameof(options.Serializer), options.HasSerializer ? options : null);
        CheckPart(errors, nameof(options.TimeProvider), options.TimeProvider);

        if (!Enum.IsDefined(options.OnRefusedSession))
        {
            Report(errors, nameof(options.OnRefusedSession), $"has no value {options.OnRefusedSession}");
        }
    }

    private static void CheckTimes(JstpClientOptions options, ValidateOptionsResultBuilder errors)
    {
        CheckTime(errors, nameof(options.HeartbeatInterval), options.HeartbeatInterval);
        CheckTime(errors, nameof(options.KeepAliveInterval), options.KeepAliveInterval);
        CheckTime(errors, nameof(options.KeepAliveGracePeriod), options.KeepAliveGracePeriod);
        CheckTime(errors, nameof(options.CloseTimeout), options.CloseTimeout);

        if (options.ConnectTimeout != Timeout.InfiniteTimeSpan)
        {
            CheckTime(errors, nameof(options.ConnectTimeout), options.ConnectTimeout);
        }
    }

    private static void CheckLimits(JstpClientOptions options, ValidateOptionsResultBuilder errors)
    {
        CheckRange(errors, nameof(options.MaxMessageSize), options.MaxMessageSize, 1024, 1024 * 1024 * 1024);
        CheckRange(errors, nameof(options.MaxPendingCalls), options.MaxPendingCalls, 1, int.MaxValue);
        CheckRange(errors, nameof(options.MaxRunningCalls), options.MaxRunningCalls, 1, int.MaxValue);
        CheckRange(errors, nameof(options.AcknowledgePingMessages), options.AcknowledgePingMessages, 1, int.MaxValue);
        CheckRange(errors, nameof(options.AcknowledgePingBytes), options.AcknowledgePingBytes, 1, long.MaxValue);
        CheckRange(errors, nameof(options.MaxQueuedEvents), options.MaxQueuedEvents, 1, int.MaxValue);

        if (options.MaxUnacknowledgedMessages <= options.AcknowledgePingMessages)
        {
            Report(errors, nameof(options.MaxUnacknowledgedMessages), $"must be above {nameof(options.AcknowledgePingMessages)}, or no ping can prevent that it is reached");
        }

        if (options.MaxUnacknowledgedBytes <= options.AcknowledgePingBytes || options.MaxUnacknowledgedBytes < options.MaxMessageSize)
        {
            Report(errors, nameof(options.MaxUnacknowledgedBytes), $"must be above {nameof(options.AcknowledgePingBytes)} and not below {nameof(options.MaxMessageSize)}");
        }
    }

    private static void CheckPart(ValidateOptionsResultBuilder errors, string key, object? part)
    {
        if (part is null)
        {
            Report(errors, key, "must not be null");
        }
    }

    private static void CheckTime(ValidateOptionsResultBuilder errors, string key, TimeSpan? time)
    {
        if (time is { } given && (given <= TimeSpan.Zero || given > LongestTime))
        {
            Report(errors, key, $"must be above zero and at most {LongestTime.TotalDays} days");
        }
    }

    private static void CheckRange(ValidateOptionsResultBuilder errors, string key, long value, long min, long max)
    {
        if (value < min || value > max)
        {
            Report(errors, key, $"must be {min} to {max}");
        }
    }

    private static void Report(ValidateOptionsResultBuilder errors, string key, string rule) => errors.AddError(rule + ".", key);
}
