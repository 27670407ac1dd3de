namespace Jstp.Generators.Model;

internal enum ReturnKind
{
    Nothing,
    Task,
    ValueTask,
}
