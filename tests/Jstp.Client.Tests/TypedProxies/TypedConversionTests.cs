using Jstp.TestKit;
using Jstp.Transport.Mdsf;

namespace Jstp.Client.Tests.TypedProxies;

/// <summary>Types travel through generated converters exactly as through the serializer, which looks at them at run time.</summary>
public sealed class TypedConversionTests(DepotServer server) : IClassFixture<DepotServer>
{
    private readonly INodes _nodes = server.Connection.GetProxy<INodes>();
    private readonly IItems _items = server.Connection.GetProxy<IItems>();

    [Fact]
    public async Task Write_Node_IsTheSerializersText()
    {
        var node = new Node
        {
            Name = "roòt",
            Next = new Node { Name = "next", Hint = "here" },
            Place = new Place { X = 1.5, Y = double.NaN },
            Tags = new() { ["it's"] = new DateTimeOffset(2021, 2, 3, 4, 5, 6, 7, TimeSpan.FromHours(2)) },
            Children = { new Node { Name = "child" } },
        };

        string text = await _nodes.WriteAsync(node).WithinLimitAsync("the text");

        Assert.Equal(MdsfSerializer.Default.SerializeToString(node), text);
    }

    [Fact]
    public async Task Write_Item_IsTheSerializersText()
    {
        var item = new Item("bolt", int.MinValue, null, Colour.Red, -0.25);

        string text = await _items.WriteAsync(item).WithinLimitAsync("the text");

        Assert.Equal(MdsfSerializer.Default.SerializeToString(item), text);
    }

    [Theory]
    [InlineData("{name:'a'}")]
    [InlineData("{name:'a',next:{name:'b',next:null},children:[{name:'c'},{name:'d',place:{x:1,y:2}}]}")]
    [InlineData("{name:'a',size:9,secret:'told',unknown:{deep:[1,{}]},hint:'h'}")]
    [InlineData("{name:'a','the tags':{x:'2021-02-03',y:'2021-02-03T04:05:06Z'}}")]
    [InlineData("{name:'a',tags:{x:'2021-02-03'}}")]
    [InlineData("{name:'a',Name:'b'}")]
    [InlineData("{name:'a',place:{y:-1}}")]
    [InlineData("{}")]
    [InlineData("{next:{name:'b'}}")]
    [InlineData("{name:null}")]
    [InlineData("{name:1}")]
    [InlineData("{name:'a',children:null}")]
    [InlineData("{name:'a',children:{}}")]
    [InlineData("{name:'a',children:[{}]}")]
    [InlineData("{name:'a',place:null}")]
    [InlineData("{name:'a',place:[]}")]
    [InlineData("[]")]
    [InlineData("'a'")]
    public async Task Read_Node_IsTheSerializers(string text) => await AssertSameAsync(text, _nodes.ReadAsync);

    [Theory]
    [InlineData("{sku:'a',count:1}")]
    [InlineData("{count:1,sku:'a',note:null,colour:'Red',weight:1}")]
    [InlineData("{sku:'a',count:1,colour:'dark-green'}")]
    [InlineData("{sku:'a',count:1,colour:'red'}")]
    [InlineData("{sku:'a',count:1,colour:'blue'}")]
    [InlineData("{sku:'a',count:1,colour:null}")]
    [InlineData("{sku:'a',count:1,weight:null}")]
    [InlineData("{sku:'a',count:1.5}")]
    [InlineData("{sku:'a',count:'1'}")]
    [InlineData("{sku:'a'}")]
    [InlineData("{count:1}")]
    [InlineData("{sku:null,count:1}")]
    [InlineData("null")]
    public async Task Read_Item_IsTheSerializers(string text) => await AssertSameAsync(text, _items.ReadAsync);

    private static async Task AssertSameAsync<T>(string text, Func<MdsfValue, Task<T>> readAsync)
        where T : class
    {
        MdsfValue value = MdsfValue.Parse(text);
        T? expected = ReadByReflection<T>(value);

        if (expected is null)
        {
            await Assert.ThrowsAsync<MdsfConversionException>(() => readAsync(value).WithinLimitAsync("the refusal"));
        }
        else
        {
            T actual = await readAsync(value).WithinLimitAsync("the value");
            Assert.Equal(MdsfSerializer.Default.SerializeToString(expected), MdsfSerializer.Default.SerializeToString(actual));
        }
    }

    // Null where the serializer refuses the text. A result that is null is refused, too, since none of the proxies' results may be.
    private static T? ReadByReflection<T>(MdsfValue value)
        where T : class
    {
        try
        {
            return MdsfSerializer.Default.Deserialize<T?>(MdsfSerializer.Default.SerializeToUtf8Bytes(value));
        }
        catch (MdsfConversionException)
        {
            return null;
        }
    }
}
