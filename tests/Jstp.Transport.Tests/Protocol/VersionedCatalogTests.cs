using System.Text;
using Jstp.Transport.Protocol;

namespace Jstp.Transport.Tests.Protocol;

public sealed class VersionedCatalogTests
{
    private static readonly VersionedCatalog<string> Recorded = Catalog(
        "cat@0.9.0", "cat@1.0.0", "cat@1.2.3", "cat@1.10.0", "cat@2.0.0-beta.2", "cat@2.0.0", "cat@3.0.0-alpha.1", "pre@1.0.0-rc.1");

    public static TheoryData<string, string?> VersionLookups
    {
        get
        {
            var rows = new TheoryData<string, string?>();

            foreach ((string request, string? version) in Transcripts.VersionLookups)
            {
                rows.Add(request, version);
            }

            return rows;
        }
    }

    [Theory, MemberData(nameof(VersionLookups))]
    public void TryFind_RecordedHandshake_FindsWhatTheReferenceFound(string request, string? expected)
    {
        JstpMessageReader.Read(Encoding.UTF8.GetBytes(request), default, out JstpMessage message);
        HandshakeRequest handshake = HandshakeRequest.FromMessage(message)!;

        bool isFound = Recorded.TryFind(handshake.Application!, handshake.Version, out string? found);

        Assert.Equal(expected is not null, isFound);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void VersionLookups_OfTheTranscripts_AreAllThere() => Assert.Equal(66, Transcripts.VersionLookups.Count());

    [Fact]
    public void TryFind_UnknownName_FindsNothing() =>
        Assert.False(Recorded.TryFind("Cat", VersionRequest.Latest, out _));

    [Fact]
    public void Constructor_SameVersionTwice_Throws()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => Catalog("cat@1.0.0", "cat@1.0.0+build"));

        Assert.Contains("cat@1.0.0+build", exception.Message);
    }

    [Fact]
    public void TryFind_RememberedMajor_StaysWithinIt()
    {
        VersionRequest remembered = VersionRequest.WithinMajorOf(JstpVersion.Parse("1.2.3"));

        Assert.Equal("1", remembered.Text);
        Assert.False(remembered.IsExact);
        Assert.True(Recorded.TryFind("cat", remembered, out string? found));
        Assert.Equal("1.10.0", found);
    }

    private static VersionedCatalog<string> Catalog(params string[] names) =>
        new(names.Select(name => name.Split('@')).Select(parts => (parts[0], JstpVersion.Parse(parts[1]), parts[1])));
}
