using Jstp.Transport.WebSockets;
using Jstp.Transport.WebSockets.Compression;

namespace Jstp.Transport.Tests.WebSockets.Compression;

/// <summary>Offers and answers (RFC 7692, 7.1).</summary>
public sealed class DeflateNegotiatorTests
{
    private const string Both = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    /// <summary>Server keeps contexts or not, the client's header, the answer; null is no compression.</summary>
    public static TheoryData<bool, string, string?> Offers => new()
    {
        { false, "permessage-deflate", Both },
        { true, "permessage-deflate", "permessage-deflate" },
        { true, "permessage-deflate; client_max_window_bits", "permessage-deflate" },
        { true, "permessage-deflate; client_max_window_bits=10", "permessage-deflate" },
        { true, "permessage-deflate; server_no_context_takeover", "permessage-deflate; server_no_context_takeover" },
        { true, "permessage-deflate; client_no_context_takeover", "permessage-deflate; client_no_context_takeover" },
        { true, "permessage-deflate; server_max_window_bits=8", "permessage-deflate; server_max_window_bits=8" },
        { true, "permessage-deflate; server_max_window_bits=\"10\"", "permessage-deflate; server_max_window_bits=10" },
        { true, "permessage-deflate; server_max_window_bits=15", "permessage-deflate; server_max_window_bits=15" },
        { false, "permessage-deflate; server_max_window_bits=9", Both + "; server_max_window_bits=9" },
        { true, "permessage-deflate; server_max_window_bits=7", null },
        { true, "permessage-deflate; server_max_window_bits=16", null },
        { true, "permessage-deflate; server_max_window_bits=08", null },
        { true, "permessage-deflate; server_max_window_bits", null },
        { true, "permessage-deflate; server_max_window_bits=9; server_max_window_bits=9", null },
        { true, "permessage-deflate; server_no_context_takeover=1", null },
        { true, "permessage-deflate; client_max_window_bits=16", null },
        { true, "permessage-deflate; unknown", null },
        { true, "x-webkit-deflate-frame", null },
        { true, "permessage-deflate; unknown, permessage-deflate; server_max_window_bits=12", "permessage-deflate; server_max_window_bits=12" },
        { true, "other, permessage-deflate", "permessage-deflate" },
    };

    /// <summary>What the client asked for, the server's answer, whether it is acceptable.</summary>
    public static TheoryData<bool, string, bool> Answers => new()
    {
        { true, "permessage-deflate", true },
        { true, Both, true },
        { true, "permessage-deflate; client_max_window_bits=9", true },
        { true, "permessage-deflate; server_max_window_bits=9", true },
        { true, "permessage-deflate; client_max_window_bits", false },
        { true, "permessage-deflate; unknown", false },
        { true, "permessage-deflate, permessage-deflate", false },
        { true, "other", false },
        { false, "permessage-deflate", false },
        { false, "permessage-deflate; server_no_context_takeover", true },
    };

    [Theory, MemberData(nameof(Offers))]
    public void TryAccept_Offers_GiveTheAnswerOrNone(bool takeover, string header, string? expected)
    {
        Assert.True(WebSocketExtensionOffer.TryParseList(header, out IReadOnlyList<WebSocketExtensionOffer> offers));
        var options = new WebSocketCompressionOptions { ServerContextTakeover = takeover, ClientContextTakeover = takeover };

        bool accepted = DeflateNegotiator.TryAccept(offers, options, out _, out string answer);

        Assert.Equal(expected is not null, accepted);
        Assert.Equal(expected ?? "", answer);
    }

    [Theory, MemberData(nameof(Answers))]
    public void TryReadAnswer_OfTheServer_IsTakenOrRefused(bool takeover, string header, bool acceptable)
    {
        Assert.True(WebSocketExtensionOffer.TryParseList(header, out IReadOnlyList<WebSocketExtensionOffer> answers));
        var options = new WebSocketCompressionOptions { ServerContextTakeover = takeover, ClientContextTakeover = takeover };

        Assert.Equal(acceptable, DeflateNegotiator.TryReadAnswer(answers, options, out _));
    }

    [Fact]
    public void TryReadAnswer_NotOffered_IsRefused()
    {
        Assert.True(WebSocketExtensionOffer.TryParseList("permessage-deflate", out IReadOnlyList<WebSocketExtensionOffer> answers));

        Assert.False(DeflateNegotiator.TryReadAnswer(answers, null, out _));
    }

    [Theory]
    [InlineData(true, "permessage-deflate; client_max_window_bits")]
    [InlineData(false, "permessage-deflate; client_max_window_bits; server_no_context_takeover; client_no_context_takeover")]
    public void FormatOffer_OfTheClient_SaysWhatItWants(bool takeover, string expected)
        => Assert.Equal(
            expected,
            DeflateNegotiator.FormatOffer(new WebSocketCompressionOptions { ServerContextTakeover = takeover, ClientContextTakeover = takeover }));
}
