using Jstp.Client.Tests.Servers;

namespace Jstp.Client.Tests.Replay;

/// <summary>
/// The recorded exchanges from the client's side: a scripted server says what the server has said, and our client, asked for the same, must say what the
/// client has said, byte for byte, and tell its caller what the answers say.
/// </summary>
public sealed class ReplayTests
{
    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["handshake-anonymous-explicit"] = "names the strategy that we leave out",
        ["handshake-double-quoted-keys"] = "in the spelling of the swift client",
        ["handshake-app-not-a-string"] = "no name",
        ["handshake-own-id"] = "an id that no client of ours gives a handshake",
        ["handshake-twice"] = "a violation",
        ["handshake-empty"] = "a violation",
        ["handshake-timeout"] = "says nothing",
        ["before-handshake-call"] = "a violation",
        ["before-handshake-heartbeat"] = "old heartbeats, which we never send",
        ["parse-error"] = "a violation",
        ["parse-error-before-handshake"] = "a violation",
        ["call-results"] = "spelled otherwise than we do",
        ["call-undefined-results"] = "spelled otherwise than we do",
        ["call-missing-arguments"] = "calls that cannot be made",
        ["call-string-as-arguments"] = "calls that cannot be made",
        ["call-key-order"] = "calls that cannot be made",
        ["call-id-gaps"] = "ids of the swift client",
        ["event-bad-arguments"] = "events that cannot be sent",
        ["unknown-kind"] = "kinds that cannot be sent",
        ["non-object-messages"] = "violations",
        ["binary-frame"] = "we send text only",
        ["unicode-and-escapes"] = "spelled otherwise than we do",
        ["numbers"] = "spelled otherwise than we do",
        ["callback-unknown-id"] = "answers nothing that was asked",
        ["session-from-storage"] = "claims to have less than it has",
        ["session-ack-by-pong"] = "claims to have less than it has",
        ["session-bad-application"] = "restores what it does not have",
        ["session-after-parse-error"] = "a violation",
        ["session-unknown"] = "restores what it does not have",
        ["session-call-resend-reference"] = "D13: we call again with the arguments",
        ["session-call-in-reconnect-window"] = "D26: we say nothing in the window",
        ["session-pipelined-requests"] = "we wait for the answer of the handshake",
        ["handshake-pipelined-requests"] = "we wait for the answer of the handshake",
        ["session-other-application"] = "D20: our sessions belong to their application",
        ["connect-listener-emits"] = "D4: the server answers with something else first",
        ["broadcast"] = "several clients at once",
        ["update-applications"] = "several clients at once",
    };

    public static TheoryData<Transcript> Replayed => [.. Transcript.All.Where(static transcript => !Reasons.ContainsKey(transcript.Id))];

    [Theory]
    [MemberData(nameof(Replayed), DisableDiscoveryEnumeration = true)]
    public async Task Replay_Transcript_ClientSaysTheSame(Transcript transcript)
    {
        ArgumentNullException.ThrowIfNull(transcript);

        using var server = new ScriptedServer();

        await new Performance(transcript, server).RunAsync();
    }

    [Fact]
    public void Reasons_AreOfTranscriptsThatExist() =>
        Assert.Empty(Reasons.Keys.Except(Transcript.All.Select(static transcript => transcript.Id)));
}
