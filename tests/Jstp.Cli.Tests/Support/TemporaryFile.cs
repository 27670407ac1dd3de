namespace Jstp.Cli.Tests.Support;

/// <summary>A path where nothing is yet, and where nothing stays.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"jstp-cli-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(Path);
}
