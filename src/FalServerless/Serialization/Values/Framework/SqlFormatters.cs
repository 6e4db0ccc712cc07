using System.Data.SqlTypes;

namespace FalServerless.Serialization.Values;

/// <summary>The types of databases: each is null or has a value.</summary>
internal static class SqlFormatters
{
    public static ValueFormatter SqlBoolean(FormatterResolver formatters) =>
        Surrogates.Struct<SqlBoolean, bool?>(formatters, v => v.IsNull ? null : v.Value, p => p is { } value ? new(value) : default);

    public static ValueFormatter SqlByte(FormatterResolver formatters) =>
        Surrogates.Struct<SqlByte, byte?>(formatters, v => v.IsNull ? null : v.Value, p => p is { } value ? new(value) : default);

    public static ValueFormatter SqlInt16(FormatterResolver formatters) =>
        Surrogates.Struct<SqlInt16, short?>(formatters, v => v.IsNull ? null : v.Value, p => p is { } value ? new(value) : default);

    public static ValueFormatter SqlInt32(FormatterResolver formatters) =>
        Surrogates.Struct<SqlInt32, int?>(formatters, v => v.IsNull ? null : v.Value, p => p is { } value ? new(value) : default);

    public static ValueFormatter SqlInt64(FormatterResolver formatters) =>
        Surrogates.Struct<SqlInt64, long?>(formatters, v => v.IsNull ? null : v.Value, p => p is { } value ? new(value) : default);

    public static ValueFormatter SqlSingle(FormatterResolver formatters) =>
        Surrogates.Struct<SqlSingle, float?>(formatters, v => v.IsNull ? null : v.Value, p => p is { } value ? new(value) : default);

    public static ValueFormatter SqlDouble(FormatterResolver formatters) =>
        Surrogates.Struct<SqlDouble, double?>(formatters, v => v.IsNull ? null : v.Value, p => p is { } value ? new(value) : default);

    public static ValueFormatter SqlGuid(FormatterResolver formatters) =>
        Surrogates.Struct<SqlGuid, Guid?>(formatters, v => v.IsNull ? null : v.Value, p => p is { } value ? new(value) : default);

    public static ValueFormatter SqlMoney(FormatterResolver formatters) =>
        Surrogates.Struct<SqlMoney, decimal?>(formatters, v => v.IsNull ? null : v.Value, p => p is { } value ? new(value) : default);

    public static ValueFormatter SqlBinary(FormatterResolver formatters) =>
        Surrogates.Struct<SqlBinary, byte[]?>(formatters, v => v.IsNull ? null : v.Value, p => p is { } value ? new(value) : default);

    public static ValueFormatter SqlDateTime(FormatterResolver formatters) =>
        Surrogates.Struct<SqlDateTime, (int, int)?>(
            formatters,
            v => v.IsNull ? null : (v.DayTicks, v.TimeTicks),
            p => p is var (day, time) ? new(day, time) : default
        );

    public static ValueFormatter SqlDecimal(FormatterResolver formatters) =>
        Surrogates.Struct<SqlDecimal, (byte, byte, bool, int[])?>(
            formatters,
            v => v.IsNull ? null : (v.Precision, v.Scale, v.IsPositive, v.Data),
            p => p is var (precision, scale, isPositive, data) ? new(precision, scale, isPositive, data) : default
        );

    public static ValueFormatter SqlString(FormatterResolver formatters) =>
        Surrogates.Struct<SqlString, (string, int, SqlCompareOptions)?>(
            formatters,
            v => v.IsNull ? null : (v.Value, v.LCID, v.SqlCompareOptions),
            p => p is var (text, culture, options) ? new(text, culture, options) : default
        );
}
