using Jstp.Generators.Model;
using Jstp.Generators.Parsing;

namespace Jstp.Generators.Emission;

/// <summary>Writes the methods of a proxy: a call, or the sending of an event, with the conversion of what goes and comes as delegates that are made once.</summary>
internal static class MethodEmitter
{
    private const string Mdsf = "global::Jstp.Transport.Mdsf.";

    public static void Emit(SourceBuilder source, MethodModel method)
    {
        IEnumerable<string> parameters = method.Parameters.Select(static parameter => $"{parameter.Type} {parameter.Name}");

        if (method.Token is not null)
        {
            parameters = parameters.Append($"global::System.Threading.CancellationToken {method.Token}");
        }

        source.Open($"{method.ReturnType} {method.DeclaringType}.{method.Name}({string.Join(", ", parameters)})");
        source.Line($"{Return(method)}this._remote.{Operation(method)}(");
        source.Line($"    {Target(method)}{SymbolText.Literal(method.RemoteName)},");
        source.Line($"    {State(method)},");
        EmitWriter(source, method);

        if (method.Kind != CallKind.Emit)
        {
            source.Line($"    static (ref {Mdsf}MdsfReader reader) => {Results(method)}{(method.Token is null ? End(method) : ",")}");
        }

        if (method.Token is not null)
        {
            source.Line($"    {method.Token}{End(method)}");
        }

        source.Close();
    }

    private static string Return(MethodModel method) => (method.Return, method.Kind) switch
    {
        (ReturnKind.Nothing, _) => "",
        (ReturnKind.ValueTask, CallKind.Emit) => "return ",
        (ReturnKind.ValueTask, _) => $"return new {method.ReturnType}(",
        _ => "return ",
    };

    private static string End(MethodModel method) => (method.Return, method.Kind) switch
    {
        (ReturnKind.ValueTask, not CallKind.Emit) => "));",
        (ReturnKind.Task, CallKind.Emit) => ").AsTask();",
        _ => ");",
    };

    private static string Operation(MethodModel method) => method.Kind switch
    {
        CallKind.Call => "CallAsync",
        CallKind.CallWithResend => "CallWithResendAsync",
        _ => method.Return == ReturnKind.Nothing ? "Connection.Emit" : "EmitAsync",
    };

    private static string Target(MethodModel method) =>
        method is { Kind: CallKind.Emit, Return: ReturnKind.Nothing } ? "this._remote.InterfaceName, " : "";

    private static string State(MethodModel method) => method.Parameters.Count switch
    {
        0 => "false",
        1 => method.Parameters[0].Name,
        _ => $"({string.Join(", ", method.Parameters.Select(static parameter => parameter.Name))})",
    };

    private static void EmitWriter(SourceBuilder source, MethodModel method)
    {
        string end = method.Kind == CallKind.Emit && method.Token is null ? End(method) : ",";
        string type = method.Parameters.Count switch
        {
            0 => "bool",
            1 => method.Parameters[0].Type,
            _ => $"({string.Join(", ", method.Parameters.Select(static parameter => parameter.Type))})",
        };

        if (method.Parameters.Count == 0)
        {
            source.Line($"    static (ref {Mdsf}MdsfWriter _, bool _) => {{ }}{end}");
            return;
        }

        source.Line($"    static (ref {Mdsf}MdsfWriter writer, {type} arguments) =>");
        source.Line("    {");

        for (int i = 0; i < method.Parameters.Count; i++)
        {
            ParameterModel parameter = method.Parameters[i];
            string value = method.Parameters.Count == 1 ? "arguments" : $"arguments.Item{i + 1}";
            string converter = $"{ConverterEmitter.ConvertersClass}.{parameter.Converter}";
            source.Line(parameter.IsRest
                ? $"        foreach (var argument in {value}) {{ {converter}.Write(ref writer, argument); }}"
                : $"        {converter}.Write(ref writer, {value});");
        }

        source.Line($"    }}{end}");
    }

    private static string Results(MethodModel method)
    {
        IEnumerable<string> results = method.ResultConverters.Select(ConverterEmitter.ReadNext);

        return method.ResultConverters.Count switch
        {
            0 => "true",
            1 => results.First(),
            _ => $"({string.Join(", ", results)})",
        };
    }
}
