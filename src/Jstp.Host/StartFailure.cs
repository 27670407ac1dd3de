using Jstp.Actors.Persistence;
using Microsoft.Extensions.Options;

namespace Jstp.Host;

/// <summary>Tells failures that an operator can mend from defects of ours.</summary>
internal static class StartFailure
{
    /// <summary>What to tell the operator; null when a stack trace says more.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        OptionsValidationException invalid => "The configuration cannot work: " + string.Join(" ", invalid.Failures),
        StartException start => start.Message,
        SessionStoreException { InnerException: SessionStoreException cause } => $"Jstp:Store, Jstp:ConnectionString: {cause.Message}",
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } io => io.Message,

        // What the configuration binder throws for a value of the wrong form names the key and the value.
        InvalidOperationException { InnerException: FormatException or OverflowException or ArgumentException } wrong => wrong.Message,
        ArgumentException argument => argument.Message,
        _ => null,
    };
}
