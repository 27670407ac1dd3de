using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Transport.Tests.Protocol;

public sealed class JstpMessageWriterTests
{
    private delegate void WriteInto(ref MdsfWriter writer);

    // The left column stands in the transcripts word for word, or differs from a text there in its values only.
    [Fact]
    public void Write_EveryForm_IsTheTextOfTheReference()
    {
        Assert.Equal("{call:[-1,'desk'],sign:['F1']}", Text(output => JstpMessageWriter.WriteCall(output, -1, "desk", "sign", "['F1']"u8)));
        Assert.Equal("{event:[-2,'floor'],tick:[2]}", Text(output => JstpMessageWriter.WriteEvent(output, -2, "floor", "tick", "[2]"u8)));
        Assert.Equal("{callback:[2],ok:['moved',3]}", Text(output => JstpMessageWriter.WriteResults(output, 2, "['moved',3]"u8)));
        Assert.Equal("{callback:[2],ok:['version','who']}", Text(output => JstpMessageWriter.WriteMethodNames(output, 2, ["version", "who"])));
        Assert.Equal("{callback:[3],ok:[]}", Text(output => JstpMessageWriter.WriteMethodNames(output, 3, [])));
        Assert.Equal("{callback:[-2],error:[14]}", Text(output => JstpMessageWriter.WriteCallbackError(output, -2, JstpErrorCode.MethodNotFound)));
        Assert.Equal(
            "{callback:[4],error:[5006,'No lift','L2']}",
            Text(output => JstpMessageWriter.WriteCallbackError(output, 4, JstpError.FromException(new JstpException(5006, "No lift", "L2")))));
        Assert.Equal("{inspect:[-3,'desk']}", Text(output => JstpMessageWriter.WriteInspect(output, -3, "desk")));
        Assert.Equal("{ping:[-4]}", Text(output => JstpMessageWriter.WritePing(output, -4)));
        Assert.Equal("{pong:[9]}", Text(output => JstpMessageWriter.WritePong(output, 9)));
        Assert.Equal("{pong:[-9007199254740991]}", Text(output => JstpMessageWriter.WritePong(output, -JstpMessageId.MaxMagnitude)));
        Assert.Equal("{handshake:[0,'depot']}", Text(output => JstpMessageWriter.WriteHandshakeRequest(output, "depot")));
        Assert.Equal(
            "{handshake:[0,'depot','^1.0.0'],login:['ann','s3cret']}",
            Text(output => JstpMessageWriter.WriteHandshakeRequest(output, "depot", "^1.0.0", "login", "['ann','s3cret']"u8)));
        Assert.Equal("{handshake:[0],ok:'<SESSION-1>'}", Text(output => JstpMessageWriter.WriteHandshakeOk(output, "<SESSION-1>")));
        Assert.Equal("{handshake:[0],ok:3}", Text(output => JstpMessageWriter.WriteHandshakeOk(output, 3)));
        Assert.Equal("{handshake:[0],error:[10]}", Text(output => JstpMessageWriter.WriteHandshakeError(output, JstpError.FromCode(10))));
        Assert.Equal(
            "{handshake:[0],error:[4001,'Account locked','until monday']}",
            Text(output => JstpMessageWriter.WriteHandshakeError(
                output, JstpError.FromException(new JstpException(4001, "Account locked", "until monday")))));
    }

    [Theory]
    [InlineData("sign", "sign")]
    [InlineData("$_a1", "$_a1")]
    [InlineData("true", "true")]
    [InlineData("7", "'7'")]
    [InlineData("a-b", "'a-b'")]
    [InlineData("été", "'été'")]
    [InlineData("", "''")]
    [InlineData("it's", "'it\\'s'")]
    public void WriteCall_NameThatIsNoIdentifier_IsQuoted(string name, string key) =>
        Assert.Equal($"{{call:[1,'a'],{key}:[]}}", Text(output => JstpMessageWriter.WriteCall(output, 1, "a", name, "[]"u8)));

    [Fact]
    public void Write_NameThatJavaScriptLoses_Throws()
    {
        Assert.Throws<ArgumentException>(() => Text(output => JstpMessageWriter.WriteCall(output, 1, "a", "__proto__", "[]"u8)));
    }

    [Fact]
    public void Begin_ArgumentsInBetween_MakesTheSameTexts()
    {
        Assert.Equal(
            "{call:[-1,'desk'],sign:['F1',2]}",
            Text((ref MdsfWriter writer) => JstpMessageWriter.BeginCall(ref writer, -1, "desk", "sign"), "F1", 2));
        Assert.Equal("{event:[-1,'desk'],sign:[]}", Text((ref MdsfWriter writer) => JstpMessageWriter.BeginEvent(ref writer, -1, "desk", "sign")));
        Assert.Equal("{callback:[7],ok:[null]}", Text((ref MdsfWriter writer) => JstpMessageWriter.BeginResults(ref writer, 7), MdsfValue.Null));
    }

    [Fact]
    public void Begin_GivenUpBeforeTheEnd_LeavesNoTrace()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MdsfWriter(output);

        JstpMessageWriter.BeginResults(ref writer, 7);
        writer.WriteNumber(1);

        Assert.Equal(0, output.WrittenCount);
        JstpMessageWriter.WriteCallbackError(output, 7, JstpErrorCode.InternalApiError);
        Assert.Equal("{callback:[7],error:[16]}", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Write_RandomNamesAndArguments_ReadsBackEqual()
    {
        Gen<string> names = ArbMap.Default.GeneratorFor<string>()
            .Select(name => name is null or "__proto__" ? "n" : name[..Math.Min(name.Length, 256)]);
        Gen<long> ids = ArbMap.Default.GeneratorFor<long>().Where(JstpMessageId.IsValid);
        Gen<string[]> arguments = names.ArrayOf();
        Arbitrary<(long Id, string Interface, string Name, string[] Arguments)> messages =
            (from id in ids from target in names from name in names from list in arguments select (id, target, name, list)).ToArbitrary();

        Prop.ForAll(messages, sample => ReadsBack(sample.Id, sample.Interface, sample.Name, sample.Arguments)).QuickCheckThrowOnFailure();
    }

    private static bool ReadsBack(long id, string target, string name, string[] arguments)
    {
        byte[] encoded = Encoding.UTF8.GetBytes(MdsfValue.CreateArray(arguments.Select(argument => (MdsfValue)argument)).ToString());
        JstpError error = JstpError.FromException(new JstpException(4001, "m" + name, [.. arguments.Select(argument => (MdsfValue)argument)]));

        return Matches(output => JstpMessageWriter.WriteCall(output, id, target, name, encoded), JstpMessageKind.Call, id, target, name, encoded)
            && Matches(output => JstpMessageWriter.WriteEvent(output, id, target, name, encoded), JstpMessageKind.Event, id, target, name, encoded)
            && Matches(output => JstpMessageWriter.WriteInspect(output, id, target), JstpMessageKind.Inspect, id, target, "", [])
            && Matches(output => JstpMessageWriter.WriteResults(output, id, encoded), JstpMessageKind.Callback, id, "", "ok", encoded)
            && Matches(output => JstpMessageWriter.WriteMethodNames(output, id, arguments), JstpMessageKind.Callback, id, "", "ok", encoded)
            && Matches(output => JstpMessageWriter.WritePing(output, id), JstpMessageKind.Ping, id, "", "", [])
            && Matches(output => JstpMessageWriter.WritePong(output, id), JstpMessageKind.Pong, id, "", "", [])
            && Matches(
                output => JstpMessageWriter.WriteHandshakeRequest(output, "a" + target, "1.x", "s" + name, encoded),
                JstpMessageKind.Handshake, 0, "a" + target, "s" + name, encoded)
            && Read(output => JstpMessageWriter.WriteCallbackError(output, id, error)) is var callback
            && callback is { Kind: JstpMessageKind.Callback, Answer: JstpAnswer.Error }
            && JstpError.Read(callback.Value.Span) is { Code: 4001 } received
            && received.Message == "m" + name
            && received.Info.SequenceEqual(error.Info);
    }

    private static bool Matches(Action<IBufferWriter<byte>> write, JstpMessageKind kind, long id, string target, string name, byte[] value)
    {
        JstpMessage message = Read(write);

        return message.Kind == kind
            && message.Id == id
            && message.TargetName.ToString() == target
            && message.Name.ToString() == name
            && message.Value.Span.SequenceEqual(value);
    }

    private static JstpMessage Read(Action<IBufferWriter<byte>> write)
    {
        JstpMessageResult result = JstpMessageReader.Read(Encoding.UTF8.GetBytes(Text(write)), default, out JstpMessage message);
        Assert.True(result.IsOk, $"{result}: {Text(write)}");
        return message;
    }

    private static string Text(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Text(WriteInto begin, params MdsfValue[] arguments)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MdsfWriter(output);
        begin(ref writer);

        foreach (MdsfValue argument in arguments)
        {
            argument.WriteTo(ref writer);
        }

        JstpMessageWriter.EndArguments(ref writer);
        writer.Flush();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
