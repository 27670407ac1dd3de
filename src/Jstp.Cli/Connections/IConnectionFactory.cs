using Jstp.Client.Connections;

namespace Jstp.Cli.Connections;

/// <summary>Makes connections for commands.</summary>
internal interface IConnectionFactory
{
    /// <summary>Connects, or resumes the session of the settings' file.</summary>
    /// <param name="settings">Where to, and how.</param>
    /// <param name="prepare">Subscribes before events can come.</param>
    /// <param name="staysConnected">Whether a lost connection is restored; else it ends the command.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CliException">No connection came about.</exception>
    Task<CliSession> OpenAsync(
        ConnectionSettings settings, Action<JstpClientConnection>? prepare, bool staysConnected, CancellationToken cancellationToken);
}
