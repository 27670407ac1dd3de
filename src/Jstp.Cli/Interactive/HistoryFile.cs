namespace Jstp.Cli.Interactive;

/// <summary>The history in a file, which only its owner may read: what was typed may hold secrets.</summary>
internal static class HistoryFile
{
    /// <exception cref="CliException">The file cannot be read.</exception>
    public static LineHistory Load(string? path)
    {
        var history = new LineHistory();

        try
        {
            foreach (string line in File.Exists(path) ? File.ReadLines(path) : [])
            {
                history.Add(line);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"The history cannot be read: {exception.Message}", exception);
        }

        return history;
    }

    /// <exception cref="CliException">The file cannot be written.</exception>
    public static void Save(string? path, LineHistory history)
    {
        if (path is null)
        {
            return;
        }

        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };

        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using var writer = new StreamWriter(path, options);

            foreach (string line in history.Lines)
            {
                writer.WriteLine(line);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"The history cannot be saved: {exception.Message}", exception);
        }
    }
}
