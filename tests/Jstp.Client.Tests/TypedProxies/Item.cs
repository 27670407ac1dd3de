namespace Jstp.Client.Tests.TypedProxies;

/// <summary>A record whose constructor takes everything.</summary>
public sealed record Item(string Sku, int Count, string? Note = "none", Colour Colour = Colour.Green, double? Weight = null);
