namespace Jstp.Transport.Conformance;

/// <summary>
/// One rule, as bytes that a client sends to an echo server and what must come back: frames, written as in <c>Text:Hello</c>, in order and nothing
/// between them; then the close code, or <see langword="null"/> when the connection must stay usable.
/// </summary>
public sealed record ConformanceCase(string Id, string Rule, byte[] Sent, string[] Answers, int? Close)
{
    public override string ToString() => $"{Id} {Rule}";
}
