using System.Reflection;
using System.Text.RegularExpressions;
using Jstp.Actors.Hosting;
using Jstp.Actors.Kernel;
using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Tests;

/// <summary>Dependencies point down the list of design.md only.</summary>
public sealed class ArchitectureTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void Transport_KnowsNoOtherProjectOfOurs()
    {
        string[] ours = [.. typeof(MdsfValue).Assembly.GetReferencedAssemblies().Select(static name => name.Name!).Where(static name => name.StartsWith("Jstp", StringComparison.Ordinal))];

        Assert.Empty(ours);
    }

    [Fact]
    public void Actors_KnowOnlyTheTransport()
    {
        string[] ours = [.. typeof(JstpServer).Assembly.GetReferencedAssemblies().Select(static name => name.Name!).Where(static name => name.StartsWith("Jstp", StringComparison.Ordinal))];

        Assert.Equal(["Jstp.Transport"], ours);
    }

    [Fact]
    public void Kernel_KnowsNothingOfTheServer()
    {
        Type[] kernel = [.. typeof(ActorSystem).Assembly.GetTypes().Where(static type => type.Namespace?.StartsWith("Jstp.Actors.Kernel", StringComparison.Ordinal) == true)];

        string[] strangers = [.. kernel.SelectMany(Mentioned).Where(IsOfTheServer).Distinct().Order(StringComparer.Ordinal)];

        Assert.NotEmpty(kernel);
        Assert.Empty(strangers);
    }

    private static bool IsOfTheServer(string name) => Regex.IsMatch(name, @"Jstp\.(Transport|Actors\.(Applications|Connections|Sessions|Hosting))\.");

    private static IEnumerable<string> Mentioned(Type type) =>
        new[] { type.BaseType }
            .Concat(type.GetInterfaces())
            .Concat(type.GetFields(Declared).Select(static field => field.FieldType))
            .Concat(type.GetMethods(Declared).SelectMany(static method => method.GetParameters().Select(static parameter => parameter.ParameterType)
                .Append(method.ReturnType)
                .Concat(method.GetMethodBody()?.LocalVariables.Select(static local => local.LocalType) ?? [])))
            .Concat(type.GetConstructors(Declared).SelectMany(static constructor => constructor.GetParameters().Select(static parameter => parameter.ParameterType)))
            .Where(static mentioned => mentioned is not null)
            .Select(static mentioned => mentioned!.ToString());
}
