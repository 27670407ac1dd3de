namespace Jstp.Actors.Kernel.Internal;

/// <summary>The rules for names that users give to actors.</summary>
internal static class ActorNames
{
    /// <param name="name"><see langword="null"/> asks the kernel for a name, and is valid.</param>
    /// <exception cref="ArgumentException">The name is empty, holds a slash, or begins like the kernel's own.</exception>
    internal static void Validate(string? name)
    {
        if (name is null)
        {
            return;
        }

        if (name.Length == 0 || name.Contains('/', StringComparison.Ordinal) || name[0] == '$')
        {
            throw new ArgumentException(
                $"'{name}' cannot name an actor: a name is not empty, holds no '/', and begins with no '$'.", nameof(name));
        }
    }
}
