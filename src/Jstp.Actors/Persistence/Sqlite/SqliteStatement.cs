using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Jstp.Actors.Persistence.Sqlite;

/// <summary>A statement that is prepared once. Its parameters are <c>$1</c>, <c>$2</c> and so on.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly SqliteCommand _command;

    public SqliteStatement(SqliteConnection connection, string text)
    {
        _command = connection.CreateCommand();
        _command.CommandText = text;

        for (int i = 1; text.Contains(string.Create(CultureInfo.InvariantCulture, $"${i}"), StringComparison.Ordinal); i++)
        {
            _command.Parameters.Add(new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"${i}") });
        }
    }

    /// <returns>How many rows were changed.</returns>
    public int Run(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    /// <returns>The first column of the first row; null when there is none, or when it is null.</returns>
    public object? Scalar(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        object? value = _command.ExecuteScalar();
        return value is DBNull ? null : value;
    }

    /// <summary>Reads all rows.</summary>
    public List<T> List<T>(Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values) => List(read, static _ => true, int.MaxValue, values);

    /// <summary>Reads rows until there are enough that are wanted.</summary>
    public List<T> List<T>(Func<SqliteDataReader, T> read, Predicate<T> isWanted, int limit, params ReadOnlySpan<object?> values)
    {
        Bind(values);
        var rows = new List<T>();
        using SqliteDataReader reader = _command.ExecuteReader();

        while (rows.Count < limit && reader.Read())
        {
            T row = read(reader);

            if (isWanted(row))
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    public void Dispose() => _command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }
}
