using Jstp.Transport.Mdsf;

namespace Jstp.Cli.CommandLine;

/// <summary>Arguments of calls and events as they are typed.</summary>
internal static class MdsfArguments
{
    /// <summary>Reads words of a command line, each of which is one value.</summary>
    /// <exception cref="CliException">One of them is none.</exception>
    public static MdsfValue[] Parse(IReadOnlyList<string> words) => [.. words.Select(static (word, index) => ParseOne(word, index + 1))];

    /// <summary>Reads values with commas between them.</summary>
    /// <exception cref="CliException">They are none.</exception>
    public static MdsfValue[] ParseList(string text)
    {
        try
        {
            return [.. MdsfValue.Parse($"[{text}\n]").Elements]; // the line feed ends a comment
        }
        catch (MdsfException error)
        {
            throw new CliException(ExitCode.Usage, $"'{text}' are no MDSF values with commas between them: {error.Message}", error);
        }
    }

    private static MdsfValue ParseOne(string word, int number)
    {
        try
        {
            return MdsfValue.Parse(word);
        }
        catch (MdsfException error)
        {
            throw new CliException(
                ExitCode.Usage, $"Argument {number}, {word}, is no MDSF value: {error.Message} A string has quotes of its own: \"'text'\".", error);
        }
    }
}
