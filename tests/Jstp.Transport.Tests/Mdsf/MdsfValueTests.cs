using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Tests.Mdsf;

public sealed class MdsfValueTests
{
    [Fact]
    public void CreateObject_Members_FollowTheRulesOfJavaScript()
    {
        MdsfValue value = MdsfValue.CreateObject(("a", 1), ("b", MdsfValue.Undefined), ("c", "x"), ("__proto__", 2), ("a", true));

        Assert.Equal("{a:true,c:'x'}", value.ToString());
        Assert.Equal(2, value.Count);
        Assert.Equal(MdsfValue.Undefined, value["b"]);
        Assert.False(value.TryGetMember("__proto__", out _));
    }

    [Fact]
    public void CreateObject_ManyMembers_AreFoundAndKeepTheirOrder()
    {
        MdsfValue value = MdsfValue.CreateObject(
            Enumerable.Range(0, 1000).Select(static i => KeyValuePair.Create($"k{i % 500}", MdsfValue.FromDouble(i))));

        Assert.Equal(500, value.Count);
        Assert.Equal("k0", value.Members[0].Key);
        Assert.All(Enumerable.Range(0, 500), i => Assert.Equal(i + 500, value[$"k{i}"].AsNumber()));
        Assert.True(value["other"].IsNullish);
    }

    [Fact]
    public void Conversions_OfDotNetValues_AreThoseValues()
    {
        MdsfValue value = new MdsfValue[] { "a", 1, 2L, 0.5, true, (string?)null };

        Assert.Equal("['a',1,2,0.5,true,null]", value.ToString());
        Assert.Equal("a", value[0].AsString());
        Assert.Equal(0.5, value[3].AsNumber());
        Assert.True(value[4].AsBoolean());
        Assert.Equal(MdsfValueKind.Null, value[5].Kind);
        Assert.Equal(MdsfValueKind.Undefined, value[6].Kind);
        Assert.Throws<MdsfConversionException>(() => (MdsfValue)9007199254740993);
    }

    [Theory]
    [InlineData("[1,{a:'x'}]", "[1.0,{'a':\"x\"}]", true)]
    [InlineData("0", "-0", true)]
    [InlineData("NaN", "NaN", true)]
    [InlineData("[undefined]", "[,]", true)]
    [InlineData("{a:1,b:2}", "{b:2,a:1}", false)]
    [InlineData("[undefined]", "[null]", false)]
    [InlineData("[1]", "[1,2]", false)]
    [InlineData("1", "'1'", false)]
    [InlineData("true", "1", false)]
    [InlineData("{}", "[]", false)]
    public void Equals_TwoValues_ComparesContent(string left, string right, bool expected)
    {
        MdsfValue first = MdsfValue.Parse(left);
        MdsfValue second = MdsfValue.Parse(right);

        Assert.Equal(expected, first.Equals(second));
        Assert.Equal(expected, first == second);
        Assert.Equal(!expected, first != second);
        Assert.True(!expected || first.GetHashCode() == second.GetHashCode());
    }

    [Fact]
    public void As_AnotherKind_IsMisuse()
    {
        MdsfValue value = "5";

        Assert.Throws<InvalidOperationException>(() => value.AsNumber());
        Assert.Throws<InvalidOperationException>(() => value.AsBoolean());
        Assert.Throws<InvalidOperationException>(() => value[0]);
        Assert.Throws<InvalidOperationException>(() => value["a"]);
        Assert.Throws<InvalidOperationException>(() => MdsfValue.Null.AsString());
        Assert.Throws<InvalidOperationException>(() => value.Members.Length);
        Assert.Throws<InvalidOperationException>(() => value.Elements.Length);
    }

    [Fact]
    public void WriteTo_ValueOfTooManyLevels_IsAnErrorAndNotACrash()
    {
        MdsfValue value = 0;

        for (int i = 0; i < 200_000; i++)
        {
            value = MdsfValue.CreateArray(value);
        }

        Assert.Throws<MdsfConversionException>(value.ToString);
        Assert.Throws<InsufficientExecutionStackException>(() => value.GetHashCode());
    }
}
