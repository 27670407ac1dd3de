using System.Buffers;
using System.Text;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Transport.Tests.Protocol;

public sealed class JstpErrorTests
{
    // Protocol page, section 7: what a method may pass, and what is sent.
    public static TheoryData<JstpException, string> SentErrors => new()
    {
        { new JstpException(4001), "[4001]" },
        { new JstpException(4001, ""), "[4001]" },
        { new JstpException(4001, "4001"), "[4001]" },
        { new JstpException(4001, "4001", "info"), "[4001]" },
        { new JstpException(4001, null, "info"), "[4001]" },
        { new JstpException(4001, "Account locked"), "[4001,'Account locked']" },
        { new JstpException(4001, "Account locked", "until monday"), "[4001,'Account locked','until monday']" },
        { new JstpException(5003, "Quota", MdsfValue.Parse("{max:3}"), "retry later"), "[5003,'Quota',{max:3},'retry later']" },
        { new JstpException(0, "nothing"), "[0,'nothing']" },
        { new JstpException(-7, "below"), "[-7,'below']" },
        { new JstpException(JstpErrorCode.Text, "Shelf jammed"), "[1,'Shelf jammed']" },
        { new JstpException(JstpErrorCode.InternalApiError, "custom", "info"), "[16]" },
        { new JstpException(JstpErrorCode.MethodNotFound), "[14]" },
        { new JstpException(JstpErrorCode.CallbackLost, "custom"), "[-1]" },
    };

    [Theory, MemberData(nameof(SentErrors))]
    public void FromException_AnyError_IsWrittenAsTheReferenceWritesIt(JstpException exception, string expected) =>
        Assert.Equal(expected, Text(JstpError.FromException(exception)));

    // Protocol page, section 6: receiving a callback.
    [Theory]
    [InlineData("[14]", 14, null, "[]")]
    [InlineData("[4001,'Account locked','until monday']", 4001, "Account locked", "['until monday']")]
    [InlineData("[5003,'Quota',{max:3},,[1,[2]]]", 5003, "Quota", "[{max:3},undefined,[1,[2]]]")]
    [InlineData("[5003,null,1]", 5003, null, "[1]")]
    [InlineData("[5003,{a:1},1]", 5003, null, "[1]")]
    [InlineData("[5.0]", 5, null, "[]")]
    [InlineData("[0]", 0, null, "[]")]
    [InlineData("7", 7, null, "[]")]
    [InlineData("-0", 0, null, "[]")]
    [InlineData("'no \\'lift\\''", 1, "no 'lift'", "[]")]
    [InlineData("{code:12,message:'Interface not found'}", 12, "Interface not found", "[]")]
    [InlineData("{\"message\":\"m\",x:[{code:3}],\"code\":4}", 4, "m", "[]")]
    [InlineData("{code:4}", 4, null, "[]")]
    [InlineData("{code:4,code:undefined,message:{message:'deep'}}", 4, null, "[]")]
    [InlineData("{message:'m'}", 16, null, "[]")]
    [InlineData("{code:'4',message:'m'}", 16, null, "[]")]
    [InlineData("{}", 16, null, "[]")]
    [InlineData("[]", 16, null, "[]")]
    [InlineData("['x','y']", 16, null, "[]")]
    [InlineData("[1.5]", 16, null, "[]")]
    [InlineData("[1e12]", 16, null, "[]")]
    [InlineData("[[4]]", 16, null, "[]")]
    [InlineData("null", 16, null, "[]")]
    [InlineData("true", 16, null, "[]")]
    [InlineData("NaN", 16, null, "[]")]
    public void Read_AnyForm_IsTolerated(string value, int code, string? message, string info)
    {
        JstpError error = JstpError.Read(Encoding.UTF8.GetBytes(value));

        Assert.Equal(code, error.Code);
        Assert.Equal(message, error.Message);
        Assert.Equal(MdsfValue.Parse(info).Elements, error.Info);
    }

    [Theory]
    [InlineData("[12]", "Interface not found")]
    [InlineData("[12,'']", "Interface not found")]
    [InlineData("[12,'other']", "other")]
    [InlineData("[4001]", "4001")]
    [InlineData("'text'", "text")]
    [InlineData("{}", "Internal API error")]
    public void ToException_OfReceivedError_FillsInTheDefaultMessage(string value, string expected) =>
        Assert.Equal(expected, JstpError.Read(Encoding.UTF8.GetBytes(value)).ToException().Message);

    [Theory]
    [InlineData(-1, "Connection closed before receiving callback")]
    [InlineData(-2, "Connection closed before receiving handshake")]
    [InlineData(10, "Application not found")]
    [InlineData(11, "Authentication failed")]
    [InlineData(12, "Interface not found")]
    [InlineData(13, "Incompatible interface")]
    [InlineData(14, "Method not found")]
    [InlineData(15, "Not a server")]
    [InlineData(16, "Internal API error")]
    [InlineData(17, "Invalid signature")]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(9, null)]
    [InlineData(18, null)]
    public void DefaultMessage_OfCode_IsTheTable(int code, string? expected) => Assert.Equal(expected, JstpErrorCode.DefaultMessage(code));

    private static string Text(JstpError error)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MdsfWriter(output);
        error.WriteTo(ref writer);
        writer.Flush();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
