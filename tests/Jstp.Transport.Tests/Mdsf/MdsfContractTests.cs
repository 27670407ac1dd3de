using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Tests.Mdsf;

/// <summary>Users' types, by their System.Text.Json contracts.</summary>
public sealed partial class MdsfContractTests
{
    private static readonly MdsfSerializer Serializer = MdsfSerializer.Default;

    public enum Unit
    {
        Piece,
        Metre,
    }

    [Fact]
    public void Serialize_Record_IsAnObjectInTheNamesOfJavaScript()
    {
        var item = new Item("bolt", 5, null, Unit.Metre, new DateTime(2021, 2, 3, 4, 5, 6, DateTimeKind.Utc)) { Tags = ["it's"] };

        string text = Serializer.SerializeToString(item);

        Assert.Equal(@"{sku:'bolt',count:5,note:null,unit:'Metre',at:'2021-02-03T04:05:06.000Z',tags:['it\'s']}", text);
    }

    [Fact]
    public void Deserialize_Record_TakesItsConstructor()
    {
        Item item = Deserialize<Item>("{sku:\"bolt\",count:5.0,unit:'Metre',at:'2021-02-03T04:05:06.000Z',tags:['a',],extra:{b:[1]}}");

        Assert.Equal(("bolt", 5, null, Unit.Metre), (item.Sku, item.Count, item.Note, item.Unit));
        Assert.Equal(new DateTime(2021, 2, 3, 4, 5, 6, DateTimeKind.Utc), item.At);
        Assert.Equal(["a"], item.Tags);
    }

    [Theory]
    [InlineData("{count:5,unit:'Piece',at:'2021-02-03'}")]
    [InlineData("{sku:undefined,count:5,unit:'Piece',at:'2021-02-03'}")]
    [InlineData("{sku:null,count:5,unit:'Piece',at:'2021-02-03'}")]
    [InlineData("{sku:'a',count:5.5,unit:'Piece',at:'2021-02-03'}")]
    [InlineData("{sku:'a',count:'5',unit:'Piece',at:'2021-02-03'}")]
    [InlineData("{sku:'a',count:5,unit:'piece of',at:'2021-02-03'}")]
    [InlineData("{sku:'a',count:5,unit:'Piece',at:'yesterday'}")]
    [InlineData("{sku:'a',count:5,unit:'Piece',at:'2021-02-03',tags:{}}")]
    [InlineData("[]")]
    [InlineData("5")]
    public void Deserialize_RecordFromWhatDoesNotFit_IsAConversionError(string text)
    {
        MdsfConversionException error = Assert.Throws<MdsfConversionException>(() => Deserialize<Item>(text));

        Assert.Contains("does not fit Item", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deserialize_Members_FollowTheRulesOfJavaScript()
    {
        Loose loose = Deserialize<Loose>("{name:'a',name:undefined,number:1,number:2,__proto__:{name:'b'},'unused':[,]}");

        Assert.Equal(("a", 2.0), (loose.Name, loose.Number));
    }

    [Theory]
    [InlineData("NaN", double.NaN)]
    [InlineData("Infinity", double.PositiveInfinity)]
    [InlineData("-1e400", double.NegativeInfinity)]
    [InlineData("-0", -0.0)]
    [InlineData("1e300", 1e300)]
    [InlineData("0x8000000000000401", 9223372036854777856.0)]
    public void Deserialize_NumberOfAnyKind_ReachesAMember(string text, double expected)
    {
        Loose loose = Deserialize<Loose>($"{{number:{text}}}");

        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(loose.Number));
    }

    [Theory]
    [InlineData(double.NaN, "{number:null}")]
    [InlineData(double.NegativeInfinity, "{number:null}")]
    [InlineData(1e21, "{number:1000000000000000000000.0}")]
    [InlineData(1.5e-7, "{number:0.00000015}")]
    [InlineData(-0.0, "{number:0}")]
    public void Serialize_NumberOfAnyKind_IsPlainDigitsOrNull(double number, string expected)
    {
        string text = Serializer.SerializeToString(new Numbers<double>(number));

        Assert.Equal(expected, text);
    }

    [Fact]
    public void Serialize_NumbersWithinAType_AreExactOrAnError()
    {
        Assert.Equal("{number:9007199254740992}", Serializer.SerializeToString(new Numbers<long>(9007199254740992)));
        Assert.Equal("{number:4611686018427388000}", Serializer.SerializeToString(new Numbers<long>(1L << 62)));
        Assert.Equal("{number:0.1}", Serializer.SerializeToString(new Numbers<float>(0.1f)));
        Assert.Equal("{number:0.1}", Serializer.SerializeToString(new Numbers<decimal>(0.10m)));
        Assert.Throws<MdsfConversionException>(() => Serializer.SerializeToString(new Numbers<long>(9007199254740993)));
        Assert.Throws<MdsfConversionException>(() => Serializer.SerializeToString(new Numbers<decimal>(0.12345678901234567890m)));
        Assert.Throws<MdsfConversionException>(() => Serializer.SerializeToString(new Numbers<BigInteger>(5)));
        Assert.Throws<MdsfConversionException>(() => Serializer.SerializeToString(new Numbers<Action>(static () => { })));
    }

    [Fact]
    public void Serialize_NumberThatAsksForText_IsText()
    {
        var value = new AsText { Number = 9007199254740993, Ratio = 0.5 };

        string text = Serializer.SerializeToString(value);
        AsText back = Deserialize<AsText>(text);

        Assert.Equal("{number:'9007199254740993',ratio:'0.5'}", text);
        Assert.Equal((9007199254740993, 0.5), (back.Number, back.Ratio));
    }

    [Fact]
    public void Serialize_StringsWithinAType_KeepEveryCodeUnit()
    {
        var value = new Loose { Name = "\ud83d'\u2028\\ \U0001F680 é \0 \"\\" };

        string text = Serializer.SerializeToString(value);

        Assert.Equal(@"{name:'\ud83d\'\u2028\\ " + "\U0001F680 é" + @" \u0000 \""\u005c',number:0}", text);
        Assert.Equal(value.Name, Deserialize<Loose>(text).Name);
    }

    [Fact]
    public void Serialize_ValuesOfAnyShapeWithinAType_KeepTheirs()
    {
        var value = new Dynamic(MdsfValue.Parse("{a:[1,'x',null]}"), new Dictionary<string, object> { ["b"] = Unit.Metre }, (1, "two"));

        string text = Serializer.SerializeToString(value);
        Dynamic back = Deserialize<Dynamic>(text);

        Assert.Equal("{value:{a:[1,'x',null]},anything:{b:'Metre'},pair:[1,'two']}", text);
        Assert.Equal(value.Value, back.Value);
        Assert.Equal(MdsfValue.Parse("{b:'Metre'}"), back.Anything);
        Assert.Equal((1, "two"), back.Pair);
    }

    [Fact]
    public void Serialize_ListOfRecords_GoesBothWays()
    {
        List<Numbers<int>> list = [new(1), new(2)];

        string text = Serializer.SerializeToString(list);

        Assert.Equal("[{number:1},{number:2}]", text);
        Assert.Equal(list, Deserialize<List<Numbers<int>>>(text));
    }

    [Fact]
    public void Serialize_Attributes_AreObeyed()
    {
        var shape = new Circle { Radius = 2, Secret = "s", Level = Level.High };

        string text = Serializer.SerializeToString<Shape>(shape);
        Shape back = Deserialize<Shape>(text);

        Assert.Equal("{kind:'circle',r:2,level:2}", text);
        Assert.Equal(2, Assert.IsType<Circle>(back).Radius);
    }

    [Fact]
    public void Serialize_ObjectThatContainsItself_IsAnError()
    {
        var node = new Node();
        node.Next = node;

        Assert.Throws<MdsfConversionException>(() => Serializer.SerializeToString(node));
    }

    [Fact]
    public void Serialize_CycleThroughAnyRoute_IsAnErrorAndNotACrash()
    {
        var dynamic = new Cycle();
        dynamic.Anything = dynamic;
        var listed = new Cycle();
        listed.Anything = new List<object> { listed };
        var paired = new Cycle();
        paired.Pair = (1, paired);

        Assert.Throws<MdsfConversionException>(() => Serializer.SerializeToString(dynamic));
        Assert.Throws<MdsfConversionException>(() => Serializer.SerializeToString(listed));
        Assert.Throws<MdsfConversionException>(() => Serializer.SerializeToString(paired));
    }

    [Fact]
    public void Deserialize_NameWithUnpairedSurrogate_IsJustAnotherName()
    {
        Loose loose = Deserialize<Loose>(@"{'\ud83d':1,name:'a'}");

        Assert.Equal("a", loose.Name);
    }

    [Fact]
    public void Serialize_TypesWithoutSetters_GoBothWays()
    {
        var point = new Point(1, 2);

        string text = Serializer.SerializeToString(point);
        Point back = Deserialize<Point>(text);

        Assert.Equal("{x:1,y:2}", text);
        Assert.Equal((1, 2), (back.X, back.Y));
        Assert.Equal("{name:'a',count:1}", Serializer.SerializeToString(new { Name = "a", Count = 1 }));
        Assert.Throws<MdsfConversionException>(() => Deserialize<Point>("{x:1}"));
    }

    [Fact]
    public void Serialize_ObjectOf512Levels_IsWrittenAndReadBack()
    {
        Node deep = Chain(512);

        string text = Serializer.SerializeToString(deep);
        Node back = Deserialize<Node>(text);

        Assert.Equal(512, Length(back));
        Assert.Throws<MdsfConversionException>(() => Serializer.SerializeToString(Chain(513)));
    }

    [Fact]
    public void Serializer_WithGeneratedContracts_NeedsNoReflection()
    {
        var serializer = new MdsfSerializer(new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            TypeInfoResolver = GeneratedContext.Default,
        });
        var item = new Item("nut", 1, "n", Unit.Metre, new DateTime(2021, 2, 3, 0, 0, 0, DateTimeKind.Utc));

        string text = serializer.SerializeToString(item);

        Assert.Equal("{sku:'nut',count:1,note:'n',unit:'Metre',at:'2021-02-03T00:00:00.000Z',tags:[]}", text);
        Assert.Equal("nut", serializer.Deserialize<Item>(Encoding.UTF8.GetBytes(text)).Sku);
        Assert.Throws<MdsfConversionException>(() => serializer.SerializeToString(new Loose()));
    }

    [Fact]
    public void Serializer_WithConvertersOfTheUser_PrefersThem()
    {
        JsonSerializerOptions options = MdsfSerializer.CreateJsonOptions();
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        var serializer = new MdsfSerializer(options);

        string text = serializer.SerializeToString(new[] { Unit.Metre });

        Assert.Equal("['metre']", text);
        Assert.Equal(Unit.Metre, serializer.Deserialize<Unit>("'metre'"u8));
    }

    [Fact]
    public void Deserialize_AfterAFailure_IsNotDisturbed()
    {
        Assert.Throws<MdsfConversionException>(() => Deserialize<Item>("{sku:5}"));
        Assert.Throws<MdsfException>(() => Deserialize<Loose>("{name:'x',"));

        Loose loose = Deserialize<Loose>("{name:'a'}");

        Assert.Equal("a", loose.Name);
    }

    private static T Deserialize<T>(string text) => Serializer.Deserialize<T>(Encoding.UTF8.GetBytes(text));

    private static Node Chain(int length)
    {
        Node? chain = null;

        for (int i = 0; i < length; i++)
        {
            chain = new Node { Next = chain };
        }

        return chain!;
    }

    private static int Length(Node? chain)
    {
        int length = 0;

        for (; chain is not null; chain = chain.Next)
        {
            length++;
        }

        return length;
    }

    public sealed record Item(string Sku, int Count, string? Note, Unit Unit, DateTime At)
    {
        public IReadOnlyList<string> Tags { get; init; } = [];
    }

    public sealed record Numbers<T>(T Number);

    public sealed record Dynamic(MdsfValue Value, object Anything, (int, string) Pair);

    public sealed class Loose
    {
        public string? Name { get; set; }

        public double Number { get; set; }
    }

    public sealed class Node
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public Node? Next { get; set; }
    }

    public sealed class Point(int x, int y)
    {
        public int X { get; } = x;

        public int Y { get; } = y;
    }

    public sealed class Cycle
    {
        public object? Anything { get; set; }

        public (int Number, Cycle? Other) Pair { get; set; }
    }

    public sealed class AsText
    {
        [JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
        public long Number { get; set; }

        [JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
        public double Ratio { get; set; }
    }

    [JsonConverter(typeof(JsonNumberEnumConverter<Level>))]
    public enum Level
    {
        Low = 1,
        High = 2,
    }

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
    [JsonDerivedType(typeof(Circle), "circle")]
    public abstract class Shape
    {
        [JsonIgnore]
        public string? Secret { get; set; }
    }

    public sealed class Circle : Shape
    {
        [JsonPropertyName("r")]
        public double Radius { get; set; }

        public Level Level { get; set; }
    }

    [JsonSerializable(typeof(Item))]
    internal sealed partial class GeneratedContext : JsonSerializerContext;
}
