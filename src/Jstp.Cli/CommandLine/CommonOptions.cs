using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Jstp.Cli.Connections;
using Jstp.Cli.Output;
using Jstp.Client;

namespace Jstp.Cli.CommandLine;

/// <summary>The options that every command has.</summary>
internal sealed class CommonOptions
{
    public const string UrlVariable = "JSTP_URL";
    public const string ApplicationVariable = "JSTP_APP";
    public const string LoginVariable = "JSTP_LOGIN";
    public const string PasswordVariable = "JSTP_PASSWORD";

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);

    private readonly Option<string?> _url = new("--url", "-u")
    {
        HelpName = "url",
        Description = $"Where the server is: ws://, wss://, tcp://, tls:// or unix:/path. [${UrlVariable}]",
    };

    private readonly Option<string?> _application = new("--app", "-a")
    {
        HelpName = "name[@range]",
        Description = $"The application, and which versions of it will do. [${ApplicationVariable}]",
    };

    private readonly Option<string?> _login = new("--login")
    {
        HelpName = "user",
        Description = $"Logs in; without it the connection is anonymous. [${LoginVariable}]",
    };

    private readonly Option<string?> _password = new("--password")
    {
        HelpName = "password",
        Description = $"The password, which other users of the machine may see here: prefer the next option or ${PasswordVariable}. On a terminal it is asked for.",
    };

    private readonly Option<bool> _passwordFromInput = new("--password-stdin") { Description = "Takes the password from the first line of the input." };

    private readonly Option<string?> _session = new("--session")
    {
        HelpName = "file",
        Description = "Resumes the session of this file if there is one, and saves it there. It is a secret.",
    };

    private readonly Option<TimeSpan> _timeout = new("--timeout")
    {
        HelpName = "seconds",
        Description = $"How long connecting may take, and each answer; {DefaultTimeout.TotalSeconds} if not given.",
        DefaultValueFactory = static _ => DefaultTimeout,
        CustomParser = ParseTimeout,
    };

    private readonly Option<bool> _insecure = new("--insecure") { Description = "Takes any certificate: the server may be anybody." };

    private readonly Option<string?> _authorities = new("--ca")
    {
        HelpName = "file",
        Description = "Trusts the authorities of this PEM file instead of the system's.",
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "mdsf|json",
        Description = "How results are written; if not given, as MDSF, and on a terminal as tables and trees where that is clearer.",
    };

    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Shows messages, both ways, on the error output; never handshakes." };

    private readonly Option<bool> _noColor = new("--no-color") { Description = "Writes no colors. [$NO_COLOR]" };

    /// <summary>Makes the options known to a command and to all below it.</summary>
    public void AddTo(Command root)
    {
        _output.AcceptOnlyFromAmong("mdsf", "json");

        foreach (Option option in (Option[])
            [_url, _application, _login, _password, _passwordFromInput, _session, _timeout, _insecure, _authorities, _output, _verbose, _noColor])
        {
            option.Recursive = true;
            root.Options.Add(option);
        }
    }

    /// <summary>Whether colors are unwanted.</summary>
    public bool HasNoColor(ParseResult line) => line.GetValue(_noColor);

    /// <summary>How results are written.</summary>
    public OutputFormat ReadOutput(ParseResult line) => line.GetValue(_output) switch
    {
        "json" => OutputFormat.Json,
        "mdsf" => OutputFormat.Mdsf,
        _ => OutputFormat.Automatic,
    };

    /// <summary>Where the server is.</summary>
    /// <exception cref="CliException">The URL is missing or none.</exception>
    public Uri ReadUrl(ParseResult line, CliServices services)
    {
        string text = line.GetValue(_url) ?? services.GetVariable(UrlVariable)
            ?? throw new CliException(ExitCode.Usage, $"--url is missing, and ${UrlVariable} is not set.");

        return Uri.TryCreate(text, UriKind.Absolute, out Uri? url) ? url : throw new CliException(ExitCode.Usage, $"'{text}' is no absolute URL.");
    }

    /// <summary>The application as it was named; null if it was not.</summary>
    public string? ReadApplication(ParseResult line, CliServices services) => line.GetValue(_application) ?? services.GetVariable(ApplicationVariable);

    /// <summary>Refuses what a command that makes its connections itself cannot do.</summary>
    /// <exception cref="CliException">One of these options was given.</exception>
    public void ThrowIfPersonal(ParseResult line)
    {
        if (Array.Find<Option>([_login, _session, _insecure, _authorities], option => line.GetResult(option) is { Implicit: false }) is { } option)
        {
            throw new CliException(ExitCode.Usage, $"{option.Name} is of no use to this command, which connects anonymously and without TLS.");
        }
    }

    /// <summary>Everything about the connection. Reads the password, from the input or the terminal if need be.</summary>
    /// <exception cref="CliException">Something is missing or makes no sense.</exception>
    public async Task<ConnectionSettings> ReadAsync(ParseResult line, CliServices services, CancellationToken cancellationToken)
    {
        string? login = line.GetValue(_login) ?? services.GetVariable(LoginVariable);
        string application = ReadApplication(line, services)
            ?? throw new CliException(ExitCode.Usage, $"--app is missing, and ${ApplicationVariable} is not set.");

        return new ConnectionSettings
        {
            Url = ReadUrl(line, services),
            Application = ToName(application),
            Login = login,
            Password = await ReadPasswordAsync(line, services, login, cancellationToken),
            SessionFile = line.GetValue(_session),
            Timeout = line.GetValue(_timeout),
            IsInsecure = line.GetValue(_insecure),
            AuthorityFile = line.GetValue(_authorities),
            IsVerbose = line.GetValue(_verbose),
            Output = ReadOutput(line),
        };
    }

    private static JstpApplicationName ToName(string text)
    {
        try
        {
            return JstpApplicationName.Parse(text);
        }
        catch (ArgumentException exception)
        {
            throw new CliException(ExitCode.Usage, $"--app: {exception.Message}", exception);
        }
    }

    private async Task<string?> ReadPasswordAsync(ParseResult line, CliServices services, string? login, CancellationToken cancellationToken)
    {
        string? password = line.GetValue(_password);
        bool fromInput = line.GetValue(_passwordFromInput);

        if (login is null)
        {
            return password is null && !fromInput ? null : throw new CliException(ExitCode.Usage, "A password without --login is of no use.");
        }

        if (password is not null)
        {
            return !fromInput ? password : throw new CliException(ExitCode.Usage, "--password and --password-stdin exclude each other.");
        }

        if (fromInput)
        {
            return await services.Console.Input.ReadLineAsync(cancellationToken)
                ?? throw new CliException(ExitCode.Usage, "The input, which --password-stdin wants to read, is empty.");
        }

        return services.GetVariable(PasswordVariable) ?? await PasswordPrompt.AskAsync(services.Console, login, cancellationToken);
    }

    private static TimeSpan ParseTimeout(ArgumentResult result)
    {
        if (result.Tokens is [var token]
            && double.TryParse(token.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            && seconds > 0 && seconds <= LongestTimeout.TotalSeconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        result.AddError($"--timeout takes seconds, above 0 and at most {LongestTimeout.TotalSeconds}.");

        return default;
    }
}
