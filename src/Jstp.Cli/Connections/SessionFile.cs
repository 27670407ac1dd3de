using Jstp.Client.Sessions;

namespace Jstp.Cli.Connections;

/// <summary>A session in a file, which only its owner may read: a session id is a bearer secret.</summary>
internal sealed class SessionFile(string path)
{
    public string Path => path;

    /// <summary>Reads the session.</summary>
    /// <returns>Null if there is no file yet.</returns>
    /// <exception cref="CliException">The file cannot be read, or holds no session.</exception>
    public JstpSessionState? TryLoad()
    {
        try
        {
            return JstpSessionState.Parse(File.ReadAllText(path));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (FormatException exception)
        {
            throw new CliException(ExitCode.Usage, $"'{path}' holds no session: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"The session cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Replaces the file as a whole, so that whoever is killed meanwhile leaves the old session or the new one.</summary>
    /// <exception cref="CliException">The file cannot be written.</exception>
    public void Save(JstpSessionState session)
    {
        string draft = $"{path}.{Environment.ProcessId}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };

        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var writer = new StreamWriter(draft, options))
            {
                writer.WriteLine(session);
            }

            File.Move(draft, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"The session cannot be saved: {exception.Message}", exception);
        }
    }
}
