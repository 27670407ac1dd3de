using System.Text;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Transport.Tests.Protocol;

public sealed class JstpMessageReaderTests
{
    // Texts of the transcripts whose kind their first letters do not tell.
    private static readonly Dictionary<string, object> UnusualTexts = new()
    {
        ["{}"] = JstpMessageKind.Heartbeat,
        ["hello"] = JstpMessageStatus.BadText,
        ["{ping:[2"] = JstpMessageStatus.BadText,
        ["{call:[1,'info'],who:["] = JstpMessageStatus.BadText,
        ["{count:['bolt'],call:[1,'stock']}"] = JstpMessageKind.Unknown,
        ["{x:undefined,call:[4,'stock'],count:['bolt']}"] = JstpMessageKind.Call,
        ["{state:[2,'a.b'],inc:1}"] = JstpMessageKind.Unknown,
        ["{stream:[3],data:'x'}"] = JstpMessageKind.Unknown,
        ["5"] = JstpMessageStatus.NotAnObject,
        ["[]"] = JstpMessageStatus.NotAnObject,
        ["'abc'"] = JstpMessageStatus.NotAnObject,
        ["[1]"] = JstpMessageStatus.NotAnObject,
        ["true"] = JstpMessageStatus.NotAnObject,
    };

    private static readonly string[] Fragments =
    [
        "{", "}", "[", "]", ",", ":", "'", "\"", "\\", "\\u", "__proto__", "undefined", "call", "ok", "0x", "-", "//", "/*", "\u2028", "ü",
    ];

    [Fact]
    public void Read_EveryRecordedMessage_HasTheExpectedKind()
    {
        int count = 0;

        foreach ((string transcript, string text) in Transcripts.Messages)
        {
            object expected = UnusualTexts.TryGetValue(text, out object? unusual)
                ? unusual
                : Enum.Parse<JstpMessageKind>(text[1..text.IndexOf(':')].Trim('"'), ignoreCase: true);

            JstpMessageResult result = Read(text, out JstpMessage message);

            Assert.True(Equals(expected, result.IsOk ? message.Kind : result.Status), $"{transcript}: {text} is {result.Status}, {message.Kind}");
            count++;
        }

        Assert.Equal(532, count);
    }

    // Protocol page, section 4; the rules that are missing here depend on the state of the connection.
    [Theory]
    [InlineData("hello", JstpMessageStatus.BadText, 1007)]
    [InlineData("", JstpMessageStatus.BadText, 1007)]
    [InlineData("   ", JstpMessageStatus.BadText, 1007)]
    [InlineData("{ping:[2", JstpMessageStatus.BadText, 1007)]
    [InlineData("{ping:[2]}{}", JstpMessageStatus.BadText, 1007)]
    [InlineData("{call:[1,'a'],m:[],x:[-]}", JstpMessageStatus.BadText, 1007)]
    [InlineData("[1,2", JstpMessageStatus.BadText, 1007)]
    [InlineData("{call:5,m:[}", JstpMessageStatus.BadText, 1007)]
    [InlineData("null", JstpMessageStatus.NotAnObject, 1002)]
    [InlineData("undefined", JstpMessageStatus.NotAnObject, 1002)]
    [InlineData("[{call:[1,'a']}]", JstpMessageStatus.NotAnObject, 1002)]
    [InlineData("'text'", JstpMessageStatus.NotAnObject, 1002)]
    [InlineData("{handshake:null}", JstpMessageStatus.KindValueNotArray, 1002)]
    [InlineData("{call:null}", JstpMessageStatus.KindValueNotArray, 1002)]
    [InlineData("{inspect:{a:1}}", JstpMessageStatus.KindValueNotArray, 1002)]
    [InlineData("{ping:'x'}", JstpMessageStatus.KindValueNotArray, 1002)]
    [InlineData("{pong:1}", JstpMessageStatus.KindValueNotArray, 1002)]
    [InlineData("{call:[]}", JstpMessageStatus.InvalidId, 1002)]
    [InlineData("{call:['zz','a'],m:[]}", JstpMessageStatus.InvalidId, 1002)]
    [InlineData("{call:[1.5,'a'],m:[]}", JstpMessageStatus.InvalidId, 1002)]
    [InlineData("{call:[null,'a'],m:[]}", JstpMessageStatus.InvalidId, 1002)]
    [InlineData("{call:[,'a'],m:[]}", JstpMessageStatus.InvalidId, 1002)]
    [InlineData("{call:[[1],'a'],m:[]}", JstpMessageStatus.InvalidId, 1002)]
    [InlineData("{ping:[9007199254740992]}", JstpMessageStatus.InvalidId, 1002)]
    [InlineData("{ping:[-9007199254740992]}", JstpMessageStatus.InvalidId, 1002)]
    [InlineData("{ping:[1e300]}", JstpMessageStatus.InvalidId, 1002)]
    [InlineData("{ping:[NaN]}", JstpMessageStatus.InvalidId, 1002)]
    [InlineData("{ping:[Infinity]}", JstpMessageStatus.InvalidId, 1002)]
    public void Read_Violation_NamesItAndTheCloseCode(string text, JstpMessageStatus expected, int closeCode)
    {
        JstpMessageResult result = Read(text, out _);

        Assert.Equal(expected, result.Status);
        Assert.Equal(closeCode, result.CloseCode);
        Assert.False(result.IsOk);
    }

    [Theory]
    [InlineData("{ping:[2", 8)]
    [InlineData("  [1]", 2)]
    [InlineData("{x:undefined,call: null}", 19)]
    [InlineData("{call:[ 'zz' ]}", 8)]
    public void Read_Violation_TellsWhere(string text, long offset) => Assert.Equal(offset, ReadResult(text).Offset);

    [Theory]
    [InlineData("{}")]
    [InlineData(" { /* nothing */ } ")]
    [InlineData("{x:undefined}")]
    [InlineData("{__proto__:[1]}")]
    [InlineData("{'__proto__':undefined,\"\\x5f_proto__\":{}}")]
    public void Read_NoMembers_IsHeartbeat(string text) => Assert.Equal(JstpMessageKind.Heartbeat, ReadOk(text).Kind);

    [Theory]
    [InlineData("{count:[],call:[1,'stock']}")]
    [InlineData("{Call:[1]}")]
    [InlineData("{'':[1]}")]
    [InlineData("{7:[1]}")]
    [InlineData("{health:null}")]
    [InlineData("{'\\ud800':1}")]
    public void Read_AnotherFirstKey_IsUnknownWhateverItsShape(string text) => Assert.Equal(JstpMessageKind.Unknown, ReadOk(text).Kind);

    [Theory]
    [InlineData("{\"call\":[1,\"stock\"],\"count\":['bolt']}")]
    [InlineData("{'call':[0x1,'stock'],count:['bolt'],extra:[1]}")]
    [InlineData("{\\u0063all:[+1.0,'\\x73tock'],c\\u{6f}unt:['bolt'],}")]
    [InlineData("{x:undefined,call:[1,'stock',9,{}],y:undefined,count:['bolt']}")]
    [InlineData("{__proto__:1,call:[1,'stock'],__proto__:2,count:['bolt']}")]
    [InlineData("{call:5,call:[1,'stock'],count:['bolt']}")]
    [InlineData("{call:[9,'other'],count:[],call:[1,'stock'],'count':['bolt'],count:undefined}")]
    [InlineData("/*a*/{ call : [ 1 , 'stock' ] , count : [ 'bolt' , ] }//")]
    public void Read_SameCallInManyForms_GivesTheSameParts(string text)
    {
        JstpMessage message = ReadOk(text);

        Assert.Equal(JstpMessageKind.Call, message.Kind);
        Assert.Equal(1, message.Id);
        Assert.True(message.HasId);
        Assert.Equal(MdsfTokenType.String, message.TargetType);
        Assert.Equal("stock", message.TargetName.ToString());
        Assert.True(message.TargetName.Equals("stock"u8));
        Assert.Equal("count", message.Name.ToString());
        Assert.True(message.Name.Equals("count"u8));
        Assert.False(message.Name.Equals("coun"u8));
        Assert.Equal(1, message.ArgumentCount);
        Assert.Equal(MdsfValue.Parse("['bolt']"), MdsfValue.Parse(message.Value.Span));
    }

    [Theory]
    [InlineData("[]", 0)]
    [InlineData("[,]", 1)]
    [InlineData("[,,]", 2)]
    [InlineData("[1,]", 1)]
    [InlineData("[1,,2]", 3)]
    [InlineData("[undefined]", 1)]
    [InlineData("[[1,2,[3]],{a:[1],b:{}},'x']", 3)]
    public void ArgumentCount_OfArray_CountsEveryElement(string arguments, int expected)
    {
        JstpMessage message = ReadOk($"{{call:[1,'a'],m:{arguments}}}");

        Assert.True(message.HasArguments);
        Assert.Equal(expected, message.ArgumentCount);
        Assert.Equal(arguments, Encoding.UTF8.GetString(message.Value.Span));
    }

    // Rules 9 and 10: such a call is answered by error 17, such an event is counted; neither is a violation.
    [Theory]
    [InlineData("{call:[1,'a']}", MdsfTokenType.None, "")]
    [InlineData("{call:[1,'a'],m:undefined}", MdsfTokenType.None, "")]
    [InlineData("{event:[1,'a'],m:5}", MdsfTokenType.Number, "5")]
    [InlineData("{call:[1,'a'],m:'bolt'}", MdsfTokenType.String, "'bolt'")]
    [InlineData("{call:[1,'a'],m:{length:1}}", MdsfTokenType.StartObject, "{length:1}")]
    [InlineData("{call:[1,'a'],m:null}", MdsfTokenType.Null, "null")]
    public void HasArguments_NoArray_IsFalse(string text, MdsfTokenType type, string value)
    {
        JstpMessage message = ReadOk(text);

        Assert.False(message.HasArguments);
        Assert.Equal(0, message.ArgumentCount);
        Assert.Equal(type, message.ValueType);
        Assert.Equal(type != MdsfTokenType.None, message.HasBody);
        Assert.Equal(value, Encoding.UTF8.GetString(message.Value.Span));
    }

    // Rule 12
    [Theory]
    [InlineData("{inspect:[1]}", MdsfTokenType.None)]
    [InlineData("{inspect:[1,]}", MdsfTokenType.None)]
    [InlineData("{inspect:[1,,]}", MdsfTokenType.Undefined)]
    [InlineData("{inspect:[1,5]}", MdsfTokenType.Number)]
    [InlineData("{call:[1,['a']],m:[]}", MdsfTokenType.StartArray)]
    public void TargetName_InterfaceIsNoString_IsEmpty(string text, MdsfTokenType type)
    {
        JstpMessage message = ReadOk(text);

        Assert.Equal(type, message.TargetType);
        Assert.True(message.TargetName.IsEmpty);
    }

    [Theory]
    [InlineData("{callback:[-3],ok:[1]}", JstpAnswer.Ok)]
    [InlineData("{callback:[-3],'\\u006fk':[1]}", JstpAnswer.Ok)]
    [InlineData("{callback:[-3],error:[1]}", JstpAnswer.Error)]
    [InlineData("{callback:[-3],ok:undefined,error:[1]}", JstpAnswer.Error)]
    [InlineData("{callback:[-3],x:1,ok:[1]}", JstpAnswer.Neither)]
    [InlineData("{callback:[-3]}", JstpAnswer.Neither)]
    public void Answer_OfCallback_IsToldByTheSecondKey(string text, JstpAnswer expected)
    {
        JstpMessage message = ReadOk(text);

        Assert.Equal(expected, message.Answer);
        Assert.Equal(-3, message.Id);
    }

    [Theory]
    [InlineData("{call:[1,'a'],7:[]}", "7")]
    [InlineData("{call:[1,'a'],0x10:[]}", "16")]
    [InlineData("{call:[1,'a'],1e21:[]}", "1e+21")]
    [InlineData("{call:[1,'a'],'0x10':[]}", "0x10")]
    [InlineData("{call:[1,'a'],'1\\x41':[]}", "1A")]
    [InlineData("{call:[1,'a'],'':[]}", "")]
    [InlineData("{call:[1,'a'],été:[]}", "été")]
    [InlineData("{call:[1,'a'],'\\ud83d\\ude80':[]}", "🚀")]
    public void Name_AnySpelling_IsDecoded(string text, string expected)
    {
        JstpName name = ReadOk(text).Name;

        Assert.Equal(expected, name.ToString());
        Assert.True(name.Equals(Encoding.UTF8.GetBytes(expected)));
        Assert.Equal(expected.Length == 0, name.IsEmpty);
        Assert.True(name.TryGetKnowable(out string? knowable));
        Assert.Equal(expected, knowable);
    }

    [Theory]
    [InlineData("a", 256, true)]
    [InlineData("a", 257, false)]
    [InlineData("漢", 256, true)]
    [InlineData("漢", 257, false)]
    [InlineData("\\u0061", 256, true)]
    [InlineData("\\u0061", 257, false)]
    [InlineData("\\u{000000000000061}", 256, false)]
    [InlineData("🚀", 128, true)]
    [InlineData("🚀", 129, false)]
    public void TryGetKnowable_LongName_IsKnownUpToTheLimit(string unit, int count, bool expected)
    {
        string name = string.Concat(Enumerable.Repeat(unit, count));

        Assert.Equal(expected, ReadOk($"{{call:[1,'{name}'],m:[]}}").TargetName.TryGetKnowable(out _));
    }

    [Fact]
    public void Read_DeepestText_KeepsToTheLimits()
    {
        string text = $"{{call:[1,'a'],m:{new string('[', 511)}{new string(']', 511)}}}";

        Assert.Equal(JstpMessageStatus.Ok, ReadResult(text).Status);
        Assert.Equal(JstpMessageStatus.BadText, ReadResult(text.Replace("[]", "[[]]")).Status);
    }

    [Fact]
    public void Read_CommonCall_AllocatesNothing()
    {
        byte[] text = "{call:[1,'stock'],count:['bolt',{a:[1,2]}]}"u8.ToArray();
        JstpMessageReader.Read(text, default, out _);

        long before = GC.GetAllocatedBytesForCurrentThread();
        JstpMessageReader.Read(text, default, out JstpMessage message);
        bool isCount = message.Name.Equals("count"u8) && message.TargetName.Equals("stock"u8);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(isCount);
        Assert.Equal(0, allocated);
    }

    // Decoding the first key again for each further one would take 4 GB here.
    [Fact]
    public void Read_ManyKeysBehindAHugeEscapedOne_CostsNoMoreThanTheText()
    {
        string huge = string.Concat(Enumerable.Repeat("\\x61", 50_000));
        string others = string.Concat(Enumerable.Range(0, 10_000).Select(i => $",'\\x62{i}':1"));
        byte[] text = Encoding.UTF8.GetBytes($"{{'{huge}':[1],'{huge}b':[2]{others}}}");

        long before = GC.GetAllocatedBytesForCurrentThread();
        JstpMessageResult result = JstpMessageReader.Read(text, default, out JstpMessage message);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(result.IsOk);
        Assert.Equal(JstpMessageKind.Unknown, message.Kind);
        Assert.InRange(allocated, 0, 20L * text.Length);
    }

    [Fact]
    public void Read_MutatedMessages_NeverThrows()
    {
        var random = new Random(1102);
        byte[][] seeds = [.. Transcripts.Messages.Select(message => Encoding.UTF8.GetBytes(message.Text)).Where(text => text.Length > 0)];
        byte[][] fragments = [.. Fragments.Select(Encoding.UTF8.GetBytes)];
        var statuses = new HashSet<JstpMessageStatus>();

        for (int i = 0; i < 60_000; i++)
        {
            List<byte> text = [.. seeds[random.Next(seeds.Length)]];

            for (int mutation = random.Next(1, 4); mutation > 0; mutation--)
            {
                int at = random.Next(text.Count);

                switch (random.Next(4))
                {
                    case 0:
                        text[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        text.InsertRange(at, fragments[random.Next(fragments.Length)]);
                        break;
                    case 2 when text.Count > 1:
                        text.RemoveAt(at);
                        break;
                    default:
                        text.InsertRange(at, seeds[random.Next(seeds.Length)].Take(12));
                        break;
                }
            }

            JstpMessageResult result = JstpMessageReader.Read(text.ToArray(), default, out JstpMessage message);
            statuses.Add(result.Status);
            Touch(result, message);
        }

        Assert.Equal(Enum.GetValues<JstpMessageStatus>().Order(), statuses.Order());
    }

    // Whatever was read must also be good to use.
    private static void Touch(JstpMessageResult result, in JstpMessage message)
    {
        _ = $"{message.Name}{message.TargetName}{message.VersionName}{message.Answer}{result.CloseCode}";

        if (!result.IsOk)
        {
            return;
        }

        if (message.HasBody)
        {
            MdsfValue value = MdsfValue.Parse(message.Value.Span);
            Assert.Equal(message.HasArguments, value.Kind == MdsfValueKind.Array);
            Assert.Equal(message.ArgumentCount, message.HasArguments ? value.Count : 0);
            JstpError.Read(message.Value.Span);
        }

        if (HandshakeRequest.FromMessage(message) is { } request)
        {
            SessionCredentials.FromRequest(request);
        }
    }

    private static JstpMessageResult Read(string text, out JstpMessage message) =>
        JstpMessageReader.Read(Encoding.UTF8.GetBytes(text), default, out message);

    private static JstpMessageResult ReadResult(string text) => Read(text, out _);

    private static JstpMessage ReadOk(string text)
    {
        JstpMessageResult result = Read(text, out JstpMessage message);
        Assert.True(result.IsOk, $"{result} for {text}");
        return message;
    }
}
