using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Jstp.Actors.Persistence.PostgreSql;

/// <summary>
/// The bus over LISTEN and NOTIFY: a channel for each node and one for all. What is said goes out in the order in which it was said, as much in one
/// statement as has gathered while the one before was under way; what is heard waits in a queue, so that no handler holds the connection up.
/// </summary>
internal sealed class PostgreSqlBus : IClusterBus, IAsyncDisposable
{
    private const int MaxQueuedCount = 65_536;
    private const int MaxBatchCount = 1_000;

    private const string Notify = "select pg_notify(channel, payload) from unnest($1, $2) with ordinality as u (channel, payload, place) order by place";

    private const string StoreTexts = "insert into ${schema}.bus_texts (sender, sequence, text) select $1, * from unnest($2, $3)";

    private const string DeleteOldTexts = "delete from ${schema}.bus_texts where written_at < clock_timestamp() - interval '5 minutes'";

    private const string ReadText = "select text from ${schema}.bus_texts where sender = $1 and sequence = $2";

    private readonly PostgreSqlDatabase _database;
    private readonly int _number;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<(int? Node, byte[] Text)> _said = Channel.CreateBounded<(int?, byte[])>(new BoundedChannelOptions(MaxQueuedCount) { SingleReader = true });
    private readonly Channel<string> _heard = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _work;
    private long _sequence;

    public PostgreSqlBus(PostgreSqlDatabase database, int number, ILogger logger)
    {
        _database = database;
        _number = number;
        _logger = logger;
        _work = Task.WhenAll(SendAsync(), DeliverAsync());
    }

    public event Action<BusMessage>? Received;

    public event Action? Missed;

    /// <summary>The statement by which a connection hears what is said to this node and to all.</summary>
    public string Listen => $"listen {ChannelOf(_number)}; listen {ChannelOf(null)}";

    public void Publish(int? node, ReadOnlyMemory<byte> text)
    {
        if (!_said.Writer.TryWrite((node, text.ToArray())))
        {
            StoreMetrics.BusMessagesDropped.Add(1);
        }
    }

    /// <summary>Takes what a connection has heard.</summary>
    public void Hear(string payload) => _heard.Writer.TryWrite(payload);

    /// <summary>Says that something may have been missed.</summary>
    public void Miss()
    {
        StoreMetrics.BusGaps.Add(1);

        try
        {
            Missed?.Invoke();
        }
        catch (Exception exception)
        {
            PostgreSqlLog.HandlerFailed(_logger, exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // What has been said already is sent, as far as the store answers; a leaving node says good-bye.
        _said.Writer.TryComplete();
        _heard.Writer.TryComplete();
        _stopping.CancelAfter(TimeSpan.FromSeconds(2));
        await _work;
        _stopping.Dispose();
    }

    private string ChannelOf(int? node) => node is { } number
        ? string.Create(CultureInfo.InvariantCulture, $"jstp_{_database.FenceLocks:x8}_{number}")
        : string.Create(CultureInfo.InvariantCulture, $"jstp_{_database.FenceLocks:x8}_all");

    private async Task SendAsync()
    {
        var batch = new List<(int? Node, byte[] Text)>(MaxBatchCount);

        while (await _said.Reader.WaitToReadAsync())
        {
            batch.Clear();

            while (batch.Count < MaxBatchCount && _said.Reader.TryRead(out (int? Node, byte[] Text) message))
            {
                batch.Add(message);
            }

            try
            {
                await SendAsync(batch);
            }
            catch (Exception exception) when (exception is SessionStoreException or OperationCanceledException or ObjectDisposedException)
            {
                StoreMetrics.BusMessagesDropped.Add(batch.Count);
                PostgreSqlLog.MessagesDropped(_logger, batch.Count, exception.Message);
            }
        }
    }

    private Task<bool> SendAsync(List<(int? Node, byte[] Text)> messages)
    {
        string[] channels = [.. messages.Select(message => ChannelOf(message.Node))];
        string[] payloads = new string[messages.Count];
        List<long> sequences = [];
        List<byte[]> texts = [];

        for (int i = 0; i < payloads.Length; i++)
        {
            byte[] text = messages[i].Text;
            bool isTooLong = BusNotification.IsTooLong(text);
            payloads[i] = new BusNotification(_number, ++_sequence, isTooLong ? (ReadOnlyMemory<byte>?)null : text).Format();

            if (isTooLong)
            {
                sequences.Add(_sequence);
                texts.Add(text);
            }
        }

        return _database.RunAsync(
            async (connection, stopping) =>
            {
                await using var batch = new NpgsqlBatch(connection);

                if (texts.Count > 0)
                {
                    Add(_database.Sql(StoreTexts), Parameter.Of(_number), Parameter.Of([.. sequences]), Parameter.Of(texts.ToArray()));
                    Add(_database.Sql(DeleteOldTexts));
                }

                Add(Notify, Parameter.Of(channels), Parameter.Of(payloads));
                await batch.ExecuteNonQueryAsync(stopping);
                return true;

                void Add(string statement, params NpgsqlParameter[] parameters)
                {
                    var command = new NpgsqlBatchCommand(statement);
                    command.Parameters.AddRange(parameters);
                    batch.BatchCommands.Add(command);
                }
            },
            _stopping.Token);
    }

    private async Task DeliverAsync()
    {
        await foreach (string payload in _heard.Reader.ReadAllAsync())
        {
            if (!BusNotification.TryParse(payload, out BusNotification notification) || notification.Sender == _number)
            {
                continue;
            }

            ReadOnlyMemory<byte>? text = notification.Text ?? await ReadTextAsync(notification);

            if (text is null)
            {
                Miss();
                continue;
            }

            try
            {
                Received?.Invoke(new BusMessage(notification.Sender, text.Value));
            }
            catch (Exception exception)
            {
                PostgreSqlLog.HandlerFailed(_logger, exception);
            }
        }
    }

    /// <returns>The text of a long message; null when it cannot be had.</returns>
    private async Task<ReadOnlyMemory<byte>?> ReadTextAsync(BusNotification notification)
    {
        try
        {
            return await _database.RunAsync(
                async (connection, stopping) =>
                {
                    await using var command = new NpgsqlCommand(_database.Sql(ReadText), connection);
                    command.Parameters.Add(Parameter.Of(notification.Sender));
                    command.Parameters.Add(Parameter.Of(notification.Sequence));
                    return await command.ExecuteScalarAsync(stopping) is byte[] text ? text : (ReadOnlyMemory<byte>?)null;
                },
                _stopping.Token);
        }
        catch (Exception exception) when (exception is SessionStoreException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }
}
