using System.Globalization;
using System.Text;

namespace Jstp.Actors.Persistence.PostgreSql;

/// <summary>
/// The statement that carries out a batch of changes: one, so that the epochs are looked up once and all parts see the same answer. It has only the
/// parts that a batch needs, so there are as many texts, each of which is prepared once by a connection. It returns the keys that were refused.
/// </summary>
internal static class WriteStatement
{
    private static readonly string[] Texts = [.. Enumerable.Range(0, 2 * (int)WriteParts.Deleted).Select(static parts => Compose((WriteParts)parts))];

    /// <summary>
    /// The parameters are: keys, epochs, numbers of nodes; then of each part in the order of the enumeration the arrays that its <c>unnest</c> names.
    /// </summary>
    public static string For(WriteParts parts) => Texts[(int)parts];

    private static string Compose(WriteParts parts)
    {
        int parameters = 3;
        var text = new StringBuilder("""
            with change as (
                select * from unnest($1::bigint[], $2::bigint[]) as c (key, epoch)
            ), held as materialized (
                select s.key from change c join ${schema}.sessions s on s.key = c.key and s.epoch = c.epoch and s.owner = any ($3::integer[])
            )
            """);

        // Rows are locked in the order of their keys, as everywhere, so that transactions rarely wait for each other in a circle. A row of this very
        // transaction was inserted as it has to be, but for its release.
        Append(WriteParts.Sessions, 9, """
            written as (
                update ${schema}.sessions s set
                    received = coalesce(w.received, s.received),
                    delivered = coalesce(w.delivered, s.delivered),
                    last_magnitude = coalesce(w.last_magnitude, s.last_magnitude),
                    data = coalesce(w.data, s.data),
                    open_requests = coalesce(w.open_requests, s.open_requests),
                    kept_answers = coalesce(w.kept_answers, s.kept_answers),
                    is_connected = case w.transition when 0 then s.is_connected when 1 then true else false end,
                    idle_since = case when w.transition >= 2 then clock_timestamp() else s.idle_since end,
                    owner = case w.transition when 3 then null else s.owner end,
                    epoch = s.epoch + case w.transition when 3 then 1 else 0 end,
                    released_epoch = case w.transition when 3 then s.epoch else s.released_epoch end
                from (
                    select * from unnest({0}::bigint[], {1}::bigint[], {2}::bigint[], {3}::bigint[], {4}::bytea[], {5}::bytea[], {6}::bytea[], {7}::smallint[], {8}::bigint[])
                        as u (key, received, delivered, last_magnitude, data, open_requests, kept_answers, transition, epoch)
                    order by key
                ) w
                where s.key = w.key and s.epoch = w.epoch and s.key in (select key from held)
                    and (w.transition = 3 or s.xmin <> pg_current_xact_id()::xid)
            )
            """);
        Append(WriteParts.Appended, 4, """
            appended as (
                insert into ${schema}.messages (session_key, magnitude, kind, tail)
                select * from unnest({0}::bigint[], {1}::bigint[], {2}::smallint[], {3}::bytea[]) as a (key, magnitude, kind, tail)
                where a.key in (select key from held)
                on conflict do nothing
            )
            """);
        Append(WriteParts.Released, 2, """
            released as (
                delete from ${schema}.messages m using unnest({0}::bigint[], {1}::bigint[]) as r (key, magnitude)
                where m.session_key = r.key and m.magnitude <= r.magnitude and r.key in (select key from held)
            )
            """);
        Append(WriteParts.Collected, 2, """
            collected as (
                delete from ${schema}.posts p using unnest({0}::bigint[], {1}::bigint[]) as r (key, ordinal)
                where p.session_key = r.key and p.ordinal <= r.ordinal and r.key in (select key from held)
            )
            """);
        Append(WriteParts.Deleted, 1, """
            deleted as (
                delete from ${schema}.sessions s using (select key from unnest({0}::bigint[]) as u (key) order by key) d
                where s.key = d.key and s.key in (select key from held)
            )
            """);

        return text.Append("\nselect c.key from change c where c.key not in (select key from held)").ToString();

        void Append(WriteParts part, int count, string expression)
        {
            if (!parts.HasFlag(part))
            {
                return;
            }

            object[] places = [.. Enumerable.Range(parameters + 1, count).Select(static number => string.Create(CultureInfo.InvariantCulture, $"${number}"))];
            parameters += count;
            text.Append(", ").AppendFormat(CultureInfo.InvariantCulture, expression.Replace("${schema}", "${{schema}}", StringComparison.Ordinal), places);
        }
    }
}
