namespace Jstp.Client.Tests.TypedProxies;

/// <summary>A struct without a constructor that anybody calls.</summary>
public record struct Place
{
    public double X { get; set; }

    public double Y { get; init; }
}
