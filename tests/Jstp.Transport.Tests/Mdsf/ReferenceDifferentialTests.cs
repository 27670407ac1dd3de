using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jstp.Transport.Mdsf;
using Differences = Jstp.Transport.Tests.Mdsf.FallbackDialect.Differences;

namespace Jstp.Transport.Tests.Mdsf;

/// <summary>Compares with the <c>mdsf</c> package as published, in both directions (mdsf.md, sections 3 and 5).</summary>
public sealed class ReferenceDifferentialTests
{
    private const int ValueCount = 6_000;
    private const int TextCount = 12_000;
    private const int Depth = 4;

    [Fact]
    public void Parse_GeneratedAndMutatedTexts_AgreesWithTheReference()
    {
        TextCase[] cases = [.. GenerateTexts(new Random(20260801))];

        string?[] answers = Ask(cases.SelectMany(static text => text.Questions));

        var failures = new List<string>();
        var seen = new Dictionary<Differences, int>();
        int evaluated = 0;

        for (int i = 0; i < cases.Length; i++)
        {
            string?[] said = answers[(TextCase.QuestionCount * i)..(TextCase.QuestionCount * (i + 1))];
            string? failure = cases[i].Judge(said[0], said[1], said[2], out Differences explained) ?? cases[i].JudgeEngine(said[3]);
            evaluated += said[3] is not null && explained.HasFlag(Differences.Stricter) ? 1 : 0;
            seen[explained] = seen.GetValueOrDefault(explained) + 1;

            if (failure is not null)
            {
                failures.Add(failure);
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} differences, such as:\n{string.Join('\n', failures.Take(20))}");

        // The comparison would be worth little if most texts were exempt, or if some kind of difference never came up.
        Assert.InRange(seen[Differences.None], TextCount * 8 / 10, TextCount);
        Assert.All(Enum.GetValues<Differences>(), difference => Assert.Contains(seen.Keys, key => key.HasFlag(difference)));
        Assert.InRange(evaluated, TextCount / 40, TextCount);
        Assert.InRange(cases.Count(static text => text.Value is not null), TextCount / 4, TextCount * 3 / 4);
    }

    [Fact]
    public void ToString_GeneratedValues_IsTheReferenceTextOrReadsTheSame()
    {
        var random = new RandomValues(new Random(20260802));
        MdsfValue[] values = [.. Enumerable.Range(0, ValueCount).Select(_ => random.Next(Depth))];

        string?[] answers = Ask(values.SelectMany(static value => new[] { StringifyQuestion(value), ParseQuestion(value.ToString()) }));

        int equalTexts = 0;

        for (int i = 0; i < values.Length; i++)
        {
            string text = values[i].ToString();
            string referenceText = answers[2 * i]!;
            equalTexts += text == referenceText ? 1 : 0;

            // The reference parser reads our text, and we read the reference's; where texts must not differ they do not.
            Assert.Equal(ExactText.Of(JavaScriptValues.AsRead(values[i])), answers[(2 * i) + 1]);
            Assert.Equal(ExactText.Of(JavaScriptValues.AsStringified(values[i])), ExactText.Of(MdsfValue.Parse(referenceText)));
            Assert.True(text == referenceText || JavaScriptValues.MayDiffer(values[i]), $"{text}\n{referenceText}");
        }

        Assert.InRange(equalTexts, ValueCount / 3, ValueCount);
    }

    private static IEnumerable<TextCase> GenerateTexts(Random random)
    {
        var texts = new RandomTexts(random);

        for (int i = 0; i < TextCount; i++)
        {
            string text = texts.Next(Depth);
            text = i % 2 == 0 ? text : texts.Mutate(text);
            yield return new TextCase(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));
        }
    }

    private static string?[] Ask(IEnumerable<JsonObject> questions)
    {
        string input = string.Join('\n', questions.Select(static question => question.ToJsonString()));
        string[] lines = NodeScript.Run("mdsf-peer.js", input).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(static line => JsonSerializer.Deserialize<string?>(line))];
    }

    private static JsonObject ParseQuestion(string text) => new() { ["parse"] = text };

    private static JsonObject StringifyQuestion(MdsfValue value) => new() { ["stringify"] = JavaScriptValues.Encode(value) };

    /// <summary>One text, what we make of it, and what the reference has to say about it.</summary>
    private sealed class TextCase
    {
        public const int QuestionCount = 4;

        private static readonly string JointText = $"\\u{(int)FallbackDialect.Joint:x4}";

        private readonly string _text;
        private readonly string? _outcome;

        public TextCase(string text)
        {
            _text = text;

            try
            {
                Value = MdsfValue.Parse(text);
                _outcome = ExactText.Of(JavaScriptValues.InOrder(Value));
            }
            catch (MdsfException)
            {
                Value = null;
            }
        }

        public MdsfValue? Value { get; }

        /// <summary>The text itself; the text with lines joined; what we write after reading it; the text as JavaScript.</summary>
        public IEnumerable<JsonObject> Questions =>
        [
            ParseQuestion(_text),
            ParseQuestion(FallbackDialect.JoinLines(_text)),
            ParseQuestion((Value ?? MdsfValue.Null).ToString()),
            new() { ["evaluate"] = Value is null ? "" : _text },
        ];

        public string? Judge(string? reference, string? referenceOfJoined, string? referenceOfOurs, out Differences explained)
        {
            explained = Differences.None;

            if (Value is not null && referenceOfOurs != ExactText.Of(JavaScriptValues.AsRead(Value)))
            {
                return $"{Show(_text)} is read as {Value}, which the reference reads as {referenceOfOurs}";
            }

            if (_outcome == reference)
            {
                return null;
            }

            Differences allowed = FallbackDialect.Find(_text);
            explained = allowed;
            bool isExplained = allowed.HasFlag(Differences.LineComment) || (_outcome, reference) switch
            {
                (not null, null) => allowed.HasFlag(Differences.Stricter),
                (null, not null) => allowed.HasFlag(Differences.Looser),
                _ => allowed.HasFlag(Differences.LineContinuation) && _outcome == WithoutJoints(referenceOfJoined),
            };

            return isExplained ? null : $"{Show(_text)}: here {_outcome ?? "refused"}, reference {reference ?? "refused"}";
        }

        /// <summary>What we read in a text that a JavaScript engine can evaluate is what the engine finds.</summary>
        public string? JudgeEngine(string? engine) =>
            Value is null || engine is null || engine == _outcome || FallbackDialect.IsNotOfJavaScript(_text)
                ? null
                : $"{Show(_text)}: here {_outcome}, JavaScript {engine}";

        private static string? WithoutJoints(string? outcome) => outcome?.Replace(JointText, "", StringComparison.Ordinal);

        private static string Show(string text) => JsonSerializer.Serialize(text);
    }
}
