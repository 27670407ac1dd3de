using Jstp.Actors.Persistence.Columns;
using Jstp.Actors.Persistence.Local;
using Jstp.Actors.Sessions;
using Microsoft.Data.Sqlite;

namespace Jstp.Actors.Persistence.Sqlite;

/// <summary>
/// Keeps sessions in a file, for the servers of one process (docs/stores.md). A node lives until its membership is disposed; those of earlier processes
/// are dead.
/// </summary>
public sealed partial class SqliteSessionStore : ISessionStore
{
    private readonly SqliteStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly LocalCluster _cluster = new();
    private SqliteFile? _file;

    /// <summary>Makes the store; the file is opened when it is.</summary>
    /// <param name="options">Which file, and how.</param>
    /// <param name="timeProvider">The store's clock; null for the system's.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    public SqliteSessionStore(SqliteStoreOptions options, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.Path);
        _options = options;
        _time = timeProvider ?? TimeProvider.System;
    }

    private SqliteFile Database => _file ?? throw new SessionStoreException("The session store is not open.");

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken) => _file = await Task.Run(() => SqliteFile.Open(_options), cancellationToken);

    /// <inheritdoc/>
    public async Task<INodeMembership> JoinAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);

        // Joins on the file's thread, so that numbers rise in the cluster as they do in the file.
        return await RunAsync(
            () =>
            {
                Prepared("insert into nodes (name) values ($1)").Run(TextColumn.Escape(name));
                int number = (int)(long)Prepared("select last_insert_rowid()").Scalar()!;
                return _cluster.Join(number, name, _time.GetUtcNow());
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionTakeResult>> TakeAsync(int node, IReadOnlyList<SessionTakeRequest> requests, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<SessionTakeResult>>(() => [.. requests.Select(request => Take(node, request))], cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> WriteAsync(IReadOnlyList<SessionChange> changes, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<long>>(
            () =>
            {
                long now = Now();
                return [.. changes.Where(change => !TryWrite(change, now)).Select(static change => change.Key)];
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> FindLostAsync(IReadOnlyList<SessionClaim> claims, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<long>>(
            () => [.. claims.Where(claim => !IsEpoch(claim.Key, claim.Epoch)).Select(static claim => claim.Key)], cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _cluster.LeaveAllAsync();

        if (Interlocked.Exchange(ref _file, null) is { } file)
        {
            await file.DisposeAsync();
        }
    }

    private Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken) => Database.RunAsync(work, cancellationToken);

    private SqliteStatement Prepared(string text) => Database.Prepared(text);

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private bool IsEpoch(long key, long epoch) => Prepared("select epoch from sessions where key = $1").Scalar(key) is long stored && stored == epoch;

    private SessionTakeResult Take(int node, SessionTakeRequest request)
    {
        List<(SessionRecord Record, int? Owner)> found = Prepared("""
            select key, epoch, application, user_name, received, delivered, last_magnitude, data, open_requests, owner, kept_answers from sessions where id = $1
            """).List(row => ReadRecord(row, request.Id), TextColumn.Escape(request.Id));

        if (found.Count == 0)
        {
            return new SessionTakeResult(request.Id, Record: null, Owner: null);
        }

        (SessionRecord record, int? owner) = found[0];

        if (!request.Force && owner is { } number && number != node && _cluster.IsAlive(number))
        {
            return new SessionTakeResult(request.Id, Record: null, owner);
        }

        Prepared("update sessions set owner = $2, epoch = epoch + 1, is_connected = 0 where key = $1").Run(record.Key, node);
        List<OutgoingMessage> messages = ReadMessages(record);
        SessionCounts counts = messages.Count == 0 ? record.Counts : record.Counts with { LastMagnitude = Math.Max(record.Counts.LastMagnitude, messages[^1].Magnitude) };

        if (record.WasForced)
        {
            EndEpoch(record.Key, record.Epoch, counts.LastMagnitude);
        }

        return new SessionTakeResult(
            request.Id,
            record with
            {
                Epoch = record.Epoch + 1,
                Counts = counts,
                Messages = messages,
                Posts = ReadPosts(record.Key),
            },
            Owner: null);
    }

    private List<OutgoingMessage> ReadMessages(SessionRecord record)
    {
        var messages = new List<OutgoingMessage>();

        foreach (MessageRow row in Prepared("select kind, magnitude, tail from messages where session_key = $1 order by magnitude").List(
            static row => new MessageRow(row.GetInt16(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)), record.Key))
        {
            MessageRows.Unpack(row, record.Counts.Delivered, messages);
        }

        return messages;
    }

    private static (SessionRecord Record, int? Owner) ReadRecord(SqliteDataReader row, string id)
    {
        int? owner = row.IsDBNull(9) ? null : row.GetInt32(9);

        var record = new SessionRecord
        {
            Key = row.GetInt64(0),
            Epoch = row.GetInt64(1),
            Id = id,
            Application = TextColumn.Unescape(row.GetString(2)),
            UserName = row.IsDBNull(3) ? null : TextColumn.Unescape(row.GetString(3)),
            Counts = new SessionCounts(row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)),
            Data = DataColumn.Read(row.GetFieldValue<byte[]>(7)),
            OpenRequests = OpenRequestsColumn.Read(row.GetFieldValue<byte[]>(8)),
            KeptAnswers = row.GetFieldValue<byte[]>(10),
            WasForced = owner is not null,
            Messages = [],
            Posts = [],
        };

        return (record, owner);
    }
}
