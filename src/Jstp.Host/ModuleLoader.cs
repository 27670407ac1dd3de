using System.Reflection;
using System.Runtime.Loader;
using Jstp.Actors.Applications;
using Jstp.Actors.Hosting;
using Jstp.Samples.Chat;
using Jstp.Samples.Conformance;

namespace Jstp.Host;

/// <summary>Finds the modules that <c>Jstp:Apps</c> names: samples by their names, others by the paths of their assemblies.</summary>
internal static class ModuleLoader
{
    private const string Key = JstpServerOptions.SectionName + ":Apps";

    private static readonly Dictionary<string, Func<IJstpModule>> Samples = new(StringComparer.OrdinalIgnoreCase)
    {
        ["conformance"] = static () => new ConformanceModule(),
        ["chat"] = static () => new ChatModule(),
    };

    /// <summary>Adds the applications of all named modules; of all samples when none is named.</summary>
    /// <exception cref="StartException">A name is neither a sample nor an assembly with modules.</exception>
    public static void AddTo(JstpServerOptions options, IConfigurationSection section)
    {
        foreach (string name in Names(section))
        {
            foreach (IJstpModule module in Find(name))
            {
                options.AddModule(module);
            }
        }
    }

    private static string[] Names(IConfigurationSection section) => TextLists.Read(section, "Apps") is { Length: > 0 } listed ? listed : [.. Samples.Keys];

    private static IJstpModule[] Find(string name)
    {
        if (Samples.TryGetValue(name, out Func<IJstpModule>? create))
        {
            return [create()];
        }

        if (!File.Exists(name))
        {
            throw new StartException($"{Key}: '{name}' is neither a sample ({string.Join(", ", Samples.Keys)}) nor the path of an assembly.");
        }

        return Load(Path.GetFullPath(name));
    }

    private static IJstpModule[] Load(string path)
    {
        try
        {
            LoadDependenciesFrom(path);
            Assembly assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
            IJstpModule[] modules =
            [
                .. assembly.GetExportedTypes()
                    .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IJstpModule)))
                    .Select(type => (IJstpModule)Activator.CreateInstance(type)!),
            ];

            return modules.Length > 0 ? modules : throw new StartException($"{Key}: '{path}' has no public {nameof(IJstpModule)}.");
        }
        catch (Exception exception) when (exception is BadImageFormatException or FileLoadException or MissingMethodException or TargetInvocationException)
        {
            throw new StartException($"{Key}: '{path}' cannot be loaded: {exception.Message}", exception);
        }
    }

    // What the Host does not bring itself, a module has beside it, as its .deps.json says.
    private static void LoadDependenciesFrom(string path)
    {
        var resolver = new AssemblyDependencyResolver(path);
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            resolver.ResolveAssemblyToPath(name) is { } dependency ? context.LoadFromAssemblyPath(dependency) : null;
    }
}
