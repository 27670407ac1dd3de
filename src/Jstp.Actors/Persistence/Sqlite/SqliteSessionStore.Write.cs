using System.Runtime.InteropServices;
using Jstp.Actors.Persistence.Columns;

namespace Jstp.Actors.Persistence.Sqlite;

public sealed partial class SqliteSessionStore
{
    // What is always the same is boxed once.
    private static readonly object False = 0L;

    private readonly List<MessageRow> _rows = []; // of the session that is being written; on the file's thread

    /// <returns>False when the change is refused: the epoch is not that of the session.</returns>
    private bool TryWrite(SessionChange change, long now)
    {
        if (change.Creation is { } creation)
        {
            Prepared("""
                insert or ignore into sessions
                    (key, epoch, received, delivered, last_magnitude, idle_since, owner, is_connected, id, application, user_name, data, open_requests)
                values ($1, $2, 0, 0, 0, $3, $4, 0, $5, $6, $7, x'', x'')
                """).Run(
                change.Key,
                change.Epoch,
                now,
                creation.Owner,
                TextColumn.Escape(creation.Id),
                TextColumn.Escape(creation.Application),
                creation.UserName is { } name ? TextColumn.Escape(name) : null);
        }

        if (!IsEpoch(change.Key, change.Epoch))
        {
            return WasWrittenBefore(change);
        }

        if (change.Transition == SessionTransition.Deleted)
        {
            Delete(change.Key);
            return true;
        }

        WriteMessages(change);
        WriteSession(change);
        Pass(change.Key, change.Transition, now);
        return true;
    }

    private bool WasWrittenBefore(SessionChange change) => change.Transition switch
    {
        SessionTransition.Released => Prepared("select released_epoch from sessions where key = $1").Scalar(change.Key) is long released && released == change.Epoch,
        SessionTransition.Deleted => Prepared("select 1 from sessions where key = $1").Scalar(change.Key) is null,
        _ => false,
    };

    private void WriteMessages(SessionChange change)
    {
        if (change.Appended.Count > 0)
        {
            SqliteStatement insert = Prepared("insert or ignore into messages (session_key, magnitude, kind, tail) values ($1, $2, $3, $4)");
            object key = change.Key;
            _rows.Clear();
            MessageRows.Pack(change.Appended, change.ReleasedThrough, _rows);

            foreach (MessageRow row in _rows)
            {
                insert.Run(key, row.Magnitude, (long)row.Kind, ToArray(row.Tail));
            }
        }

        if (change.ReleasedThrough > 0)
        {
            Prepared("delete from messages where session_key = $1 and magnitude <= $2").Run(change.Key, change.ReleasedThrough);
        }

        if (change.CollectedThrough > 0)
        {
            Prepared("delete from posts where session_key = $1 and ordinal <= $2").Run(change.Key, change.CollectedThrough);
        }
    }

    private void WriteSession(SessionChange change)
    {
        if (change.Counts is { } counts)
        {
            Prepared("update sessions set received = $2, delivered = $3, last_magnitude = $4 where key = $1")
                .Run(change.Key, counts.Received, counts.Delivered, counts.LastMagnitude);
        }

        if (change.Data is { } data)
        {
            Prepared("update sessions set data = $2 where key = $1").Run(change.Key, DataColumn.Write(data));
        }

        if (change.OpenRequests is { } requests)
        {
            Prepared("update sessions set open_requests = $2 where key = $1").Run(change.Key, OpenRequestsColumn.Write(requests));
        }

        if (change.KeptAnswers is { } answers)
        {
            Prepared("update sessions set kept_answers = $2 where key = $1").Run(change.Key, ToArray(answers));
        }
    }

    private void Pass(long key, SessionTransition transition, long now)
    {
        switch (transition)
        {
            case SessionTransition.Attached:
                Prepared("update sessions set is_connected = 1 where key = $1").Run(key);
                break;

            case SessionTransition.Detached:
                Prepared("update sessions set is_connected = $2, idle_since = $3 where key = $1").Run(key, False, now);
                break;

            case SessionTransition.Released:
                Prepared("update sessions set is_connected = 0, idle_since = $2, owner = null, epoch = epoch + 1, released_epoch = epoch where key = $1").Run(key, now);
                break;
        }
    }

    private void Delete(long key)
    {
        Prepared("delete from messages where session_key = $1").Run(key);
        Prepared("delete from posts where session_key = $1").Run(key);
        Prepared("delete from epoch_ends where session_key = $1").Run(key);
        Prepared("delete from sessions where key = $1").Run(key);
    }

    private static byte[] ToArray(ReadOnlyMemory<byte> text) =>
        MemoryMarshal.TryGetArray(text, out ArraySegment<byte> segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : text.ToArray();
}
