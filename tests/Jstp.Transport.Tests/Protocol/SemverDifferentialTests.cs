using System.Text;
using System.Text.Json;
using Jstp.Transport.Protocol;

namespace Jstp.Transport.Tests.Protocol;

/// <summary>Compares versions and ranges with npm's <c>semver</c> 6.3.1, which decides what the reference server finds.</summary>
public sealed class SemverDifferentialTests
{
    private const int Seed = 631;

    private static readonly string[] HandPicked =
    [
        "", " ", "*", "x", "X", "v*", "=*", ">*", "<*", ">=*", "<=*", "**", "~*", "^*", "*.1", "x.2.3", "*-a", "*.*.*-a",
        "1", "1.", "1.x.3", "1.x.x-a", "1.*", "01", "1.01", "1.2.03", "1.2-a", "1.2.3-", "1.2.3-01", "1.2.3-0a", "1.2.3+01", "1.2.3+",
        "1.2.3+a..b",
        "v1", "vv1", "=v1", "v=1", "==1", "==1.2.3", "=1.2.3", "v=1.2.3", "vv1.2.3", ">=v1.2.3", ">==1.2.3", ">==1.2", "> = 1.2.3",
        "> =1.2.3", ">= 1", "== 1",
        "~", "^", "~>1.2", "~> 1.2.3", "~ > 1.2.3", "~ >1.2.3", "~> > 1", "~ ~ 1", "~~1", "^^1", "^>1", "^ =1", "~= 1", "~v1", "^v1.2.3",
        "~1.2.3-b", "^0.0.1-b",
        "^0", "^0.x", "^0.0", "^0.0.0", "^0.1", "^0.1.2", "^0.0.x", "~0", "~0.0.1", "^1.2.3-a.1", ">1.x", "<=1.x", "<1.x", ">=1.2.x",
        "<=1.2", ">1", "<1",
        "1 - 2", "1.2.3 - 2.3", "1.2.3 - 2.3.4-b", "v1.2.3 - v2.0.0", "=1.2.3 - 2", "1.2.3 - =2.0.0", "1.2.3 - =2.0.0-a", "x - 1.2.3",
        "1.2.3 - x", "* - *",
        "v 1.2 - = 2", "v 1.2.3 - 2", "1 - 2 - 3", "1 -2", "1- 2", "1 - 2 3", "^1 - 2", "1.2.3-a - 1.2.3", "1.2.3 - 2.0.0beta",
        "||", "1 ||", "|| 1.2.3-a", "1|2", "1 | 2", "1|||2", "4 || 1.0.0", "a || 1", "1 a", "1 >1.2 <1.2.9", ">1.2.3-a <1.2.3",
        ">=1.0.0-a <2.0.0",
        "1.2.3*", "*1.2.3", ">1.2.3*", ">*1.2.3", "1.2.3-a*", "*= 1.2.3", "*v= 1.2.3", "1*", "a*", "1.2.*.4", "1.2.3**", "><*1.2.3",
        "\t1.2.3\n", "\u00A01", "1\uFEFF", "1\u0085", "1\u20282", ">\u2003 1",
        "9007199254740991.0.0", "9007199254740992.0.0", "^9007199254740991", "9007199254740991.x", "<9007199254740991.x",
        "x.99999999999999999999", "1.x.99999999999999999999",
        ">=1.0.20240101123456", "latest", "next", "1.2.3.4", "1,2", "1.2.3 ,2", "-1", "1.-1", "０", "1.2.3-é",
    ];

    private static readonly string[] Fragments =
    [
        "0", "1", "2", "10", "01", ".", ".", ".", "x", "X", "*", "^", "~", "~>", "<", ">", "=", ">=", "<=", " ", " ", " - ", "||",
        " || ", "v", "-", "+", "-a", "-1", "-a.1",
        "+b", "1.2.3", "0.1.2", "1.2", "\t", "a",
    ];

    [Fact]
    public void IsSatisfiedBy_HandPickedRanges_AgreesWithNpm() =>
        AssertAgreement(HandPicked.Select(range => (range, RandomVersions(new Random(Seed), 60))));

    [Fact]
    public void IsSatisfiedBy_WellFormedRanges_AgreesWithNpm()
    {
        var random = new Random(Seed);

        AssertAgreement(Enumerable.Range(0, 8_000).Select(_ => (RandomRange(random), RandomVersions(random, 12))).ToArray());
    }

    [Fact]
    public void IsSatisfiedBy_FragmentsInAnyOrder_AgreesWithNpm()
    {
        var random = new Random(Seed);

        AssertAgreement(Enumerable.Range(0, 30_000).Select(_ => (RandomFragments(random), RandomVersions(random, 4))).ToArray());
    }

    [Fact]
    public void TryParse_FragmentsAsVersions_AgreesWithNpm()
    {
        var random = new Random(Seed);

        AssertAgreement(Enumerable.Range(0, 2_000).Select(_ => (">=0.0.0-0", RandomNearVersions(random, 10))).ToArray());
    }

    private static void AssertAgreement(IEnumerable<(string Range, string[] Versions)> rows)
    {
        (string Range, string[] Versions)[] table = rows.ToArray();
        string input = string.Join('\n', table.Select(row => JsonSerializer.Serialize(new { range = row.Range, versions = row.Versions })));

        string[] expected = NodeScript.Run("semver-table.js", input).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(table.Length, expected.Length);
        string[] differences = table.Zip(expected)
            .Where(pair => Answer(pair.First.Range, pair.First.Versions) != pair.Second)
            .Select(pair => $"{pair.First.Range} with {string.Join(", ", pair.First.Versions)}: npm {pair.Second}, "
                + $"here {Answer(pair.First.Range, pair.First.Versions)}")
            .ToArray();
        Assert.True(differences.Length == 0, $"{differences.Length} differences, such as:\n{string.Join('\n', differences.Take(20))}");
    }

    private static string Answer(string text, string[] versions)
    {
        if (!JstpVersionRange.TryParse(text, out JstpVersionRange? range))
        {
            return "null";
        }

        IEnumerable<char> answers = versions.Select(version =>
            !JstpVersion.TryParse(version, out JstpVersion? parsed) ? '-' : range.IsSatisfiedBy(parsed) ? '1' : '0');
        return $"\"{string.Concat(answers)}\"";
    }

    private static string RandomFragments(Random random) => string.Concat(random.GetItems(Fragments, random.Next(1, 9)));

    private static string RandomRange(Random random) =>
        string.Join(random.Next(4) == 0 ? "||" : " || ", Enumerable.Range(0, random.Next(4) == 0 ? 2 : 1).Select(_ => RandomAlternative(random)));

    private static string RandomAlternative(Random random) => random.Next(5) == 0
        ? $"{RandomPartial(random)} - {RandomPartial(random)}"
        : string.Join(' ', Enumerable.Range(0, random.Next(1, 3)).Select(_ => RandomTerm(random)));

    private static string RandomTerm(Random random) =>
        random.GetItems(["", "", "^", "~", "~>", ">", ">=", "<", "<=", "="], 1)[0] + (random.Next(6) == 0 ? " " : "") + RandomPartial(random);

    private static string RandomPartial(Random random)
    {
        var text = new StringBuilder(random.Next(12) == 0 ? "v" : "");
        int parts = random.Next(1, 5);
        text.Append(RandomPart(random));

        for (int part = 1; part < Math.Min(parts, 3); part++)
        {
            text.Append('.').Append(RandomPart(random));
        }

        return text.Append(parts >= 3 ? RandomSuffix(random) : "").ToString();
    }

    private static string RandomPart(Random random) => random.Next(10) == 0 ? random.GetItems(["x", "X", "*"], 1)[0] : random.Next(4).ToString();

    private static string RandomSuffix(Random random) =>
        (random.Next(2) == 0 ? "" : "-" + string.Join('.', random.GetItems(["a", "b", "A", "0", "1", "2", "10", "rc-1", "-"], random.Next(1, 4))))
        + (random.Next(6) == 0 ? "+b.01" : "");

    private static string RandomVersion(Random random) => $"{random.Next(4)}.{random.Next(4)}.{random.Next(4)}{RandomSuffix(random)}";

    private static string[] RandomVersions(Random random, int count) =>
        Enumerable.Range(0, count).Select(_ => RandomVersion(random)).ToArray();

    private static string[] RandomNearVersions(Random random, int count) =>
        Enumerable.Range(0, count).Select(_ => (random.Next(2) == 0 ? "" : RandomVersion(random)) + RandomFragments(random)).ToArray();
}
