using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Fixtures;

/// <summary>Through it a replay makes the server act by itself.</summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Methods of an interface class are instance methods.")]
public sealed class StageInterface(ConcurrentDictionary<string, JstpConnection> bySession, Func<IEnumerable<JstpApplication>> nextApplications)
{
    public void Emit(string session, string @interface, string name, MdsfValue[] args) => bySession[session].Emit(@interface, name, args);

    public Task<JstpResults> Invoke(string session, string @interface, string method, MdsfValue[] args) =>
        ReportAsync(() => bySession[session].CallAsync(@interface, method, args));

    public Task<JstpResults> Inspect(string session, string @interface) =>
        ReportAsync(async () =>
        {
            await bySession[session].InspectAsync(@interface);

            return [];
        });

    public void Ping(string session) => _ = ReportAsync(async () =>
    {
        await bySession[session].PingAsync();

        return [];
    });

    public void Broadcast(JstpConnection connection, string @interface, string name, MdsfValue[] args) =>
        connection.Server.Broadcast(@interface, name, args);

    public Task Pause(int milliseconds) => Task.Delay(milliseconds);

    public void UpdateApplications(JstpConnection connection) => connection.Server.UpdateApplications(nextApplications());

    public void UpdateConnectionsApi(JstpConnection connection) => connection.Server.UpdateConnectionsApi();

    private static async Task<JstpResults> ReportAsync(Func<Task<IReadOnlyList<MdsfValue>>> act)
    {
        try
        {
            IReadOnlyList<MdsfValue> results = await act();

            return new JstpResults(["ok", .. results]);
        }
        catch (JstpException error)
        {
            return new JstpResults("error", error.Code);
        }
    }
}
