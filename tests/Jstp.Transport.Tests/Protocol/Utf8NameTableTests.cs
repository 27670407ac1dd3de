using System.Text;
using Jstp.Transport.Protocol;

namespace Jstp.Transport.Tests.Protocol;

public sealed class Utf8NameTableTests
{
    [Theory]
    [InlineData("stock", 0)]
    [InlineData("'stock'", 0)]
    [InlineData("'st\\x6fck'", 0)]
    [InlineData("st\\u006fck", 0)]
    [InlineData("'наклад'", 1)]
    [InlineData("'\\u043d\\u0430\\u043aлад'", 1)]
    [InlineData("7", 2)]
    [InlineData("0x7", 2)]
    [InlineData("''", 3)]
    [InlineData("aLongNameOfAMethod2", 5)]
    [InlineData("Stock", null)]
    [InlineData("stoc", null)]
    [InlineData("stocks", null)]
    [InlineData("aLongNameOfAMethod3", null)]
    [InlineData("'\\ufffd'", 6)]
    [InlineData("'\\ud83d'", null)]
    [InlineData("constructor", null)]
    [InlineData("toString", null)]
    public void TryGetValue_NameOfAMessage_FindsDeclaredNamesOnly(string key, int? expected)
    {
        string[] names = ["stock", "наклад", "7", "", "aLongNameOfAMethod1", "aLongNameOfAMethod2", "\uFFFD"];
        var table = new Utf8NameTable<int?>(names.Select((name, index) => KeyValuePair.Create(name, (int?)index)));

        bool isFound = table.TryGetValue(NameOf(key), out int? value);

        Assert.Equal(expected is not null, isFound);
        Assert.Equal(expected, value);
        Assert.Equal(names, table.Names);
    }

    [Fact]
    public void TryGetValue_ManyNames_FindsEachAndNoOther()
    {
        string[] names = [.. Enumerable.Range(0, 2_000).Select(i => $"prefix_{i:D4}_suffix")];
        var table = new Utf8NameTable<string>(names.Select(name => KeyValuePair.Create(name, name)));

        Assert.All(names, name => Assert.True(table.TryGetValue(Encoding.UTF8.GetBytes(name), out string? value) && value == name));
        Assert.All(names, name => Assert.False(table.TryGetValue(Encoding.UTF8.GetBytes(name + "x"), out _)));
    }

    [Fact]
    public void TryGetValue_EmptyTable_FindsNothing() => Assert.False(new Utf8NameTable<int>([]).TryGetValue("a"u8, out _));

    [Fact]
    public void TryGetValue_PlainOrHugeName_AllocatesNothing()
    {
        var table = new Utf8NameTable<int>([KeyValuePair.Create("stock", 1)]);
        JstpName plain = NameOf("stock");
        JstpName huge = NameOf($"'{string.Concat(Enumerable.Repeat("\\x61", 100_000))}'");
        table.TryGetValue(plain, out _);
        table.TryGetValue(huge, out _);

        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isPlainFound = table.TryGetValue(plain, out _);
        bool isHugeFound = table.TryGetValue(huge, out _);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(isPlainFound);
        Assert.False(isHugeFound);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Constructor_NameTwice_Throws() =>
        Assert.Throws<ArgumentException>(() => new Utf8NameTable<int>([KeyValuePair.Create("a", 1), KeyValuePair.Create("a", 2)]));

    [Fact]
    public void Constructor_UnpairedSurrogate_Throws() =>
        Assert.Throws<ArgumentException>(() => new Utf8NameTable<int>([KeyValuePair.Create("\uD83D", 1)]));

    [Fact]
    public void Constructor_NameOverTheLimit_Throws() =>
        Assert.Throws<ArgumentException>(() => new Utf8NameTable<int>([KeyValuePair.Create(new string('a', 257), 1)]));

    private static JstpName NameOf(string key)
    {
        JstpMessageResult result = JstpMessageReader.Read(Encoding.UTF8.GetBytes($"{{call:[1,'i'],{key}:[]}}"), default, out JstpMessage message);
        Assert.True(result.IsOk, result.ToString());
        return message.Name;
    }
}
