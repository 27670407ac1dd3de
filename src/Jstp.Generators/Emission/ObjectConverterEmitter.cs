using Jstp.Generators.Model;
using Jstp.Generators.Parsing;

namespace Jstp.Generators.Emission;

/// <summary>Writes the class that converts one type of the user's.</summary>
internal static class ObjectConverterEmitter
{
    private const string Mdsf = "global::Jstp.Transport.Mdsf.";

    public static void Emit(SourceBuilder source, ObjectModel model)
    {
        string converted = model.IsValueType ? model.Type : model.Type + "?";
        source.Open($"private sealed class {model.ConverterName} : {Mdsf}MdsfObjectConverter<{converted}>");
        EmitRead(source, model, converted);
        source.Line();
        EmitWrite(source, model);

        foreach (ObjectMemberModel member in model.Members.Where(static member => member.Access == MemberAccess.InitAccessor))
        {
            source.Line();
            source.Line($"[global::System.Runtime.CompilerServices.UnsafeAccessor(global::System.Runtime.CompilerServices.UnsafeAccessorKind.Method, Name = \"set_{member.Name.TrimStart('@')}\")]");
            source.Line($"private static extern void {SetterOf(member)}({(model.IsValueType ? "ref " : "")}{member.DeclaringType} target, {member.Type} value);");
        }

        source.Close();
    }

    private static void EmitRead(SourceBuilder source, ObjectModel model, string converted)
    {
        source.Open($"protected override {converted} ReadMembers(ref {Mdsf}MdsfReader reader)");

        for (int i = 0; i < model.Members.Count; i++)
        {
            ObjectMemberModel member = model.Members[i];

            if (member.Access != MemberAccess.None)
            {
                source.Line($"{member.Type} value{i} = {member.Default};");

                if (IsPresenceAsked(member))
                {
                    source.Line($"bool has{i} = false;");
                }
            }
        }

        source.Line();
        source.Open("while (NextMember(ref reader))");
        EmitMembers(source, model);
        source.Close();
        source.Line();

        for (int i = 0; i < model.Members.Count; i++)
        {
            if (model.Members[i].IsRequired)
            {
                source.Open($"if (!has{i})");
                source.Line($"ThrowMissing({SymbolText.Literal(model.Members[i].RemoteName)});");
                source.Close();
                source.Line();
            }
        }

        EmitCreation(source, model);
        source.Close();
    }

    private static void EmitMembers(SourceBuilder source, ObjectModel model)
    {
        bool isFirst = true;

        for (int i = 0; i < model.Members.Count; i++)
        {
            ObjectMemberModel member = model.Members[i];

            if (member.Access == MemberAccess.None)
            {
                continue;
            }

            source.Open($"{(isFirst ? "" : "else ")}if (reader.ValueTextEquals({SymbolText.Literal(member.RemoteName)}u8))");
            source.Open("if (NextValue(ref reader))");
            source.Line($"value{i} = {ConverterEmitter.ConvertersClass}.{member.Converter}.Read(ref reader);");

            if (IsPresenceAsked(member))
            {
                source.Line($"has{i} = true;");
            }

            source.Close();
            source.Close();
            isFirst = false;
        }

        if (isFirst)
        {
            source.Line("reader.Skip();");
            return;
        }

        source.Open("else");
        source.Line("reader.Skip();");
        source.Close();
    }

    private static void EmitCreation(SourceBuilder source, ObjectModel model)
    {
        string arguments = string.Join(", ", model.ConstructorMembers.Select(static position => $"value{position}"));
        List<string> initial = [];

        for (int i = 0; i < model.Members.Count; i++)
        {
            if (model.Members[i].Access == MemberAccess.Initializer)
            {
                initial.Add($"{model.Members[i].Name} = value{i}");
            }
        }

        string initializer = initial.Count == 0 ? "" : $" {{ {string.Join(", ", initial)} }}";
        source.Line($"var result = new {model.Type}({arguments}){initializer};");

        for (int i = 0; i < model.Members.Count; i++)
        {
            ObjectMemberModel member = model.Members[i];

            if (member.Access is MemberAccess.Setter or MemberAccess.InitAccessor)
            {
                source.Line();
                source.Open($"if (has{i})");
                source.Line(member.Access == MemberAccess.Setter
                    ? $"result.{member.Name} = value{i};"
                    : $"{SetterOf(member)}({(model.IsValueType ? "ref " : "")}result, value{i});");
                source.Close();
            }
        }

        source.Line();
        source.Line("return result;");
    }

    private static void EmitWrite(SourceBuilder source, ObjectModel model)
    {
        source.Open($"protected override void WriteMembers(ref {Mdsf}MdsfWriter writer, {model.Type} value)");

        foreach (ObjectMemberModel member in model.Members.Where(static member => member.IsWritten))
        {
            if (member.IsOmittedWhenNull)
            {
                source.Open($"if (value.{member.Name} is not null)");
            }

            source.Line($"writer.WritePropertyName({SymbolText.Literal(member.RemoteName)}u8);");
            source.Line($"{ConverterEmitter.ConvertersClass}.{member.Converter}.Write(ref writer, value.{member.Name});");

            if (member.IsOmittedWhenNull)
            {
                source.Close();
            }
        }

        source.Close();
    }

    // Whoever goes to a constructor has a default; a setter is called only with what was there.
    private static bool IsPresenceAsked(ObjectMemberModel member) =>
        member.IsRequired || member.Access is MemberAccess.Setter or MemberAccess.InitAccessor;

    private static string SetterOf(ObjectMemberModel member) => "Set" + member.Name.TrimStart('@');
}
