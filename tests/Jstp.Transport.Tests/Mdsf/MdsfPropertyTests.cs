using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Tests.Mdsf;

public sealed class MdsfPropertyTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    [Fact]
    public void Parse_WrittenValue_ReturnsTheValue()
    {
        Prop.ForAll(Values().ToArbitrary(), static value =>
                ExactText.Of(MdsfValue.Parse(value.ToString())) == ExactText.Of(JavaScriptValues.AsKept(value)))
            .Check(Thorough);
    }

    [Fact]
    public void Parse_AnyBytes_YieldsAValueOrACleanError()
    {
        Prop.ForAll<byte[]>(static bytes => IsClean(bytes)).Check(Thorough);
    }

    [Fact]
    public void Parse_NearlyValidBytes_YieldsAValueOrACleanError()
    {
        Arbitrary<byte[]> nearlyValid = Gen.Choose(0, int.MaxValue).Select(NearlyValid).ToArbitrary();

        Prop.ForAll(nearlyValid, static bytes => IsClean(bytes)).Check(Thorough);
    }

    [Fact]
    public void Deserialize_SerializedValue_ReturnsTheValue()
    {
        Prop.ForAll<int>(static value => Again(value) == value).Check(Thorough);
        Prop.ForAll<NormalFloat>(static value => Again(value.Get) == value.Get).Check(Thorough);
        Prop.ForAll<float>(static value => !float.IsFinite(value) || Again(value) == value).Check(Thorough);
        Prop.ForAll<string>(static value => Again(value) == value).Check(Thorough);
        Prop.ForAll<byte[]>(static value => Again(value).SequenceEqual(value)).Check(Thorough);
        Prop.ForAll<Guid>(static value => Again(value) == value).Check(Thorough);
        Prop.ForAll<List<string?>>(static value => Again(value).SequenceEqual(value)).Check(Thorough);
        Prop.ForAll<(int, string?)[]>(static value => Again(value).SequenceEqual(value)).Check(Thorough);
    }

    [Fact]
    public void Deserialize_LongsAndDecimals_ReturnTheValueOrAreRefusedWhenWritten()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), static value => SurvivesOrIsRefused(value)).Check(Thorough);
        Prop.ForAll(ArbMap.Default.ArbFor<DoNotSize<long>>(), static value => SurvivesOrIsRefused(value.Item)).Check(Thorough);
        Prop.ForAll(ArbMap.Default.ArbFor<decimal>(), static value => SurvivesOrIsRefused(value)).Check(Thorough);
    }

    private static T Again<T>(T value) => MdsfSerializer.Default.Deserialize<T>(MdsfSerializer.Default.SerializeToUtf8Bytes(value));

    private static bool SurvivesOrIsRefused<T>(T value)
    {
        byte[] text;

        try
        {
            text = MdsfSerializer.Default.SerializeToUtf8Bytes(value);
        }
        catch (MdsfConversionException)
        {
            return true;
        }

        return Equals(MdsfSerializer.Default.Deserialize<T>(text), value);
    }

    private static bool IsClean(byte[] bytes)
    {
        string whole = Outcome(() => MdsfValue.Parse(bytes), bytes.Length);
        string inPieces = Outcome(() => MdsfValue.Parse(CutPayload.IntoBytes(bytes)), bytes.Length);
        return whole == inPieces;
    }

    private static string Outcome(Func<MdsfValue> parse, int length)
    {
        try
        {
            return ExactText.Of(parse());
        }
        catch (MdsfException error)
        {
            Assert.InRange(error.Offset, 0, length);
            return error.Message;
        }
    }

    /// <summary>A text of the grammar with some bytes changed, removed or doubled.</summary>
    private static byte[] NearlyValid(int seed)
    {
        var random = new Random(seed);
        var bytes = new List<byte>(Encoding.UTF8.GetBytes(new RandomTexts(random).Next(depth: 4)));

        for (int changes = random.Next(4); changes > 0 && bytes.Count > 0; changes--)
        {
            int place = random.Next(bytes.Count);

            switch (random.Next(4))
            {
                case 0:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(place);
                    break;
                case 2:
                    bytes.Insert(place, bytes[random.Next(bytes.Count)]);
                    break;
                default:
                    bytes.RemoveRange(place, bytes.Count - place);
                    break;
            }
        }

        return [.. bytes];
    }

    private static Gen<MdsfValue> Values() => Gen.Sized(static size => Values(Math.Min(size / 10, 4)));

    private static Gen<MdsfValue> Values(int depth)
    {
        Gen<string> texts = Gen.OneOf(
            ArbMap.Default.GeneratorFor<NonNull<string>>().Select(static text => text.Get),
            Seeded(static values => values.NextString()));
        Gen<MdsfValue> scalars = Gen.OneOf(
            Gen.Elements(MdsfValue.Undefined, MdsfValue.Null, MdsfValue.True, MdsfValue.False),
            ArbMap.Default.GeneratorFor<double>().Select(MdsfValue.FromDouble),
            Seeded(static values => values.NextNumber()).Select(MdsfValue.FromDouble),
            texts.Select(MdsfValue.FromString));

        if (depth == 0)
        {
            return scalars;
        }

        Gen<MdsfValue> inner = Values(depth - 1);
        Gen<KeyValuePair<string, MdsfValue>> members = Gen.OneOf(texts, Seeded(static values => values.NextName()))
            .Zip(inner)
            .Select(static member => KeyValuePair.Create(member.Item1, member.Item2));
        return Gen.OneOf(
            scalars,
            inner.ArrayOf().Select(static elements => MdsfValue.CreateArray(elements)),
            members.ArrayOf().Select(static all => MdsfValue.CreateObject(all.AsEnumerable())));
    }

    private static Gen<T> Seeded<T>(Func<RandomValues, T> next) =>
        Gen.Choose(0, int.MaxValue).Select(seed => next(new RandomValues(new Random(seed))));
}
