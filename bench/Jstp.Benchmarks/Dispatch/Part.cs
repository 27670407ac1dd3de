namespace Jstp.Benchmarks.Dispatch;

/// <summary>A record as methods take it.</summary>
public sealed record Part(string Sku, int Count, double Weight, string? Note);
