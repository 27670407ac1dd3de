using Npgsql;
using NpgsqlTypes;

namespace Jstp.Actors.Persistence.PostgreSql;

/// <summary>Makes parameters of statements, positional and typed.</summary>
internal static class Parameter
{
    public static NpgsqlParameter Of(int value) => Make(value, NpgsqlDbType.Integer);

    public static NpgsqlParameter Of(long value) => Make(value, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Of(string value) => Make(value, NpgsqlDbType.Text);

    public static NpgsqlParameter Of(TimeSpan value) => Make(value, NpgsqlDbType.Interval);

    public static NpgsqlParameter Of(ReadOnlyMemory<byte> value) => Make(value, NpgsqlDbType.Bytea);

    public static NpgsqlParameter Of(int[] values) => Make(values, NpgsqlDbType.Array | NpgsqlDbType.Integer);

    public static NpgsqlParameter Of(int?[] values) => Make(values, NpgsqlDbType.Array | NpgsqlDbType.Integer);

    public static NpgsqlParameter Of(short[] values) => Make(values, NpgsqlDbType.Array | NpgsqlDbType.Smallint);

    public static NpgsqlParameter Of(long[] values) => Make(values, NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    public static NpgsqlParameter Of(long?[] values) => Make(values, NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    public static NpgsqlParameter Of(bool[] values) => Make(values, NpgsqlDbType.Array | NpgsqlDbType.Boolean);

    public static NpgsqlParameter Of(string?[] values) => Make(values, NpgsqlDbType.Array | NpgsqlDbType.Text);

    public static NpgsqlParameter Of(byte[]?[] values) => Make(values, NpgsqlDbType.Array | NpgsqlDbType.Bytea);

    public static NpgsqlParameter Of(ReadOnlyMemory<byte>[] values) => Make(values, NpgsqlDbType.Array | NpgsqlDbType.Bytea);

    private static NpgsqlParameter<T> Make<T>(T value, NpgsqlDbType type) => new() { TypedValue = value, NpgsqlDbType = type };
}
