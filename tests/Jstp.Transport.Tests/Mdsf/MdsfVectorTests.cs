using System.Buffers;
using System.Text;
using System.Text.Json;
using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Tests.Mdsf;

/// <summary>Every vector of the specification (mdsf.md, section 7).</summary>
public sealed class MdsfVectorTests
{
    // The pieces of a text that is longer than this are tried at some places only.
    private const int MaxCutEverywhere = 200;

    public static TheoryData<string> ParseIds => [.. MdsfVectors.Parse.Keys];

    public static TheoryData<string> StringifyIds => [.. MdsfVectors.Stringify.Keys];

    [Fact]
    public void Vectors_OfTheSpecification_AreAllHere()
    {
        int parse = MdsfVectors.Parse.Count;
        int stringify = MdsfVectors.Stringify.Count;

        Assert.Equal((495, 179), (parse, stringify));
    }

    [Theory, MemberData(nameof(ParseIds))]
    public void Parse_Vector_YieldsWhatTheSpecificationSays(string id)
    {
        JsonElement vector = MdsfVectors.Parse[id];
        byte[] text = Encoding.UTF8.GetBytes(MdsfVectors.Input(vector));

        if (vector.TryGetProperty("error", out _))
        {
            MdsfException error = Assert.Throws<MdsfException>(() => MdsfValue.Parse(text));
            Assert.InRange(error.Offset, 0, text.Length);
        }
        else if (vector.TryGetProperty("ok", out JsonElement expected))
        {
            Assert.Equal(ExactText.Of(MdsfVectors.Decode(expected)!), ExactText.Of(MdsfValue.Parse(text)));
        }
        else
        {
            AssertSummary(vector.GetProperty("okSummary"), MdsfValue.Parse(text));
        }
    }

    [Theory, MemberData(nameof(ParseIds))]
    public void Parse_VectorCutAtAnyByte_YieldsTheSame(string id)
    {
        byte[] text = Encoding.UTF8.GetBytes(MdsfVectors.Input(MdsfVectors.Parse[id]));
        string whole = Outcome(new ReadOnlySequence<byte>(text));
        int step = (text.Length / MaxCutEverywhere) + 1;

        string inBytes = Outcome(CutPayload.IntoBytes(text));
        var inTwo = new List<string>();

        for (int cut = 0; cut <= text.Length; cut += step)
        {
            inTwo.Add(Outcome(CutPayload.At(text, cut)));
        }

        Assert.Equal(whole, inBytes);
        Assert.All(inTwo, outcome => Assert.Equal(whole, outcome));
    }

    [Theory, MemberData(nameof(StringifyIds))]
    public void ToString_Vector_IsExactlyTheTextOfTheSpecification(string id)
    {
        JsonElement vector = MdsfVectors.Stringify[id];
        JsonElement emit = vector.GetProperty("emit");

        string? text = Stringify(vector.GetProperty("value"));

        Assert.Equal(emit.GetString(), text);
    }

    [Theory, MemberData(nameof(StringifyIds))]
    public void Parse_EmittedVector_ReadsAsTheSpecificationSays(string id)
    {
        JsonElement vector = MdsfVectors.Stringify[id];

        if (vector.GetProperty("emit").GetString() is not { } text)
        {
            // Only JavaScript has such a value, so there is no text of ours to read.
            Assert.Null(MdsfVectors.Decode(vector.GetProperty("value")));
            return;
        }

        MdsfValue value = MdsfValue.Parse(text);

        Assert.Equal(ExactText.Of(MdsfVectors.Decode(vector.GetProperty("readsAs"))!), ExactText.Of(value));
    }

    /// <summary>The text of a value of the file, or <see langword="null"/> if .NET has no such value.</summary>
    private static string? Stringify(JsonElement encoded)
    {
        if (MdsfVectors.Decode(encoded) is { } value)
        {
            return value.ToString();
        }

        return null;
    }

    private static string Outcome(ReadOnlySequence<byte> text)
    {
        try
        {
            return ExactText.Of(MdsfValue.Parse(text));
        }
        catch (MdsfException error)
        {
            return error.Message;
        }
    }

    private static void AssertSummary(JsonElement summary, MdsfValue value)
    {
        Assert.Equal(summary.GetProperty("type").GetString(), value.Kind.ToString(), ignoreCase: true);

        if (summary.TryGetProperty("count", out JsonElement count))
        {
            Assert.Equal(count.GetInt32(), value.Count);
            Assert.Equal(summary.GetProperty("depth").GetInt32(), DepthOf(value));
        }
        else if (summary.TryGetProperty("length", out JsonElement length))
        {
            Assert.Equal(length.GetInt32(), value.AsString().Length);
        }
        else
        {
            Assert.Equal(ExactText.Of(MdsfVectors.Decode(summary.GetProperty("value"))!), ExactText.Of(value));
        }
    }

    private static int DepthOf(MdsfValue value) => value.Kind switch
    {
        MdsfValueKind.Array => 1 + (value.Count == 0 ? 0 : DepthOf(value[0])),
        MdsfValueKind.Object => 1 + (value.Count == 0 ? 0 : DepthOf(value["a"])),
        _ => 0,
    };
}
