using System.Collections;
using System.Data;

namespace FalServerless.Serialization.Values;

/// <summary>
/// Takes a table apart, and makes it again: plain columns first, then the rows with their states, then the rules, which could else refuse a
/// row.
/// </summary>
internal static class TableCodec
{
    public static TableParts Take(DataTable table) =>
        new(
            (table.TableName, table.Namespace, table.Prefix, table.DisplayExpression),
            table.CaseSensitive,
            table.Locale,
            [.. table.Columns.Cast<DataColumn>().Select(Take)],
            [
                .. table
                    .Constraints.OfType<UniqueConstraint>()
                    .Select(key => new KeyParts(key.ConstraintName, Ordinals(key.Columns), key.IsPrimaryKey)),
            ],
            [.. table.Rows.Cast<DataRow>().Select(Take)],
            Notes(table.ExtendedProperties)
        );

    public static DataTable Make(TableParts parts)
    {
        var table = new DataTable(parts.Names.Name, parts.Names.Namespace)
        {
            Prefix = parts.Names.Prefix,
            CaseSensitive = parts.CaseSensitive,
            Locale = parts.Locale,
        };
        foreach (var column in parts.Columns)
        {
            table.Columns.Add(Make(column));
        }

        foreach (var row in parts.Rows)
        {
            Add(table, row, parts.Columns);
        }

        foreach (var (column, rules) in table.Columns.Cast<DataColumn>().Zip(parts.Columns))
        {
            // Setting an empty expression would reset the values.
            if (rules.Expression.Length > 0)
            {
                column.Expression = rules.Expression;
                continue;
            }

            column.AllowDBNull = rules.AllowDBNull;
            if (rules.MaxLength >= 0)
            {
                column.MaxLength = rules.MaxLength;
            }

            column.ReadOnly = rules.ReadOnly;
        }

        foreach (var key in parts.Keys)
        {
            table.Constraints.Add(new UniqueConstraint(key.Name, Columns(table, key.Columns), key.IsPrimary));
        }

        table.DisplayExpression = parts.Names.DisplayExpression;
        Fill(table.ExtendedProperties, parts.Notes);
        return table;
    }

    public static int[] Ordinals(DataColumn[] columns) => [.. columns.Select(column => column.Ordinal)];

    public static DataColumn[] Columns(DataTable table, int[] ordinals) => [.. ordinals.Select(ordinal => table.Columns[ordinal])];

    public static (object, object?)[] Notes(PropertyCollection notes) =>
        [.. notes.Cast<DictionaryEntry>().Select(entry => (entry.Key, entry.Value))];

    public static void Fill(PropertyCollection notes, (object Key, object? Value)[] pairs) =>
        Array.ForEach(pairs, pair => notes.Add(pair.Key, pair.Value));

    private static ColumnParts Take(DataColumn column) =>
        new(
            (column.ColumnName, column.Caption, column.Namespace, column.Prefix),
            column.DataType,
            column.AllowDBNull,
            column.ReadOnly,
            column.MaxLength,
            column.DateTimeMode,
            column.ColumnMapping,
            (column.AutoIncrement, column.AutoIncrementSeed, column.AutoIncrementStep),
            column.DefaultValue is DBNull ? null : column.DefaultValue,
            column.Expression,
            Notes(column.ExtendedProperties)
        );

    private static DataColumn Make(ColumnParts parts)
    {
        var column = new DataColumn(parts.Names.Name, parts.Type)
        {
            Caption = parts.Names.Caption,
            Namespace = parts.Names.Namespace,
            Prefix = parts.Names.Prefix,
            ColumnMapping = parts.Mapping,
        };
        if (parts.Type == typeof(DateTime))
        {
            column.DateTimeMode = parts.DateTimeMode;
        }

        if (parts.Increment.IsOn)
        {
            (column.AutoIncrement, column.AutoIncrementSeed, column.AutoIncrementStep) = parts.Increment;
        }
        else if (parts.Default is { } usual)
        {
            column.DefaultValue = usual;
        }

        Fill(column.ExtendedProperties, parts.Notes);
        return column;
    }

    private static RowParts Take(DataRow row)
    {
        if (row.HasVersion(DataRowVersion.Proposed))
        {
            throw Surrogates.Refuse(row.Table, "a row of it is being edited", "Call EndEdit or CancelEdit of the row first");
        }

        var isDeleted = row.RowState == DataRowState.Deleted;
        return new(
            row.RowState,
            row.RowState is DataRowState.Added ? null : Values(row, DataRowVersion.Original),
            isDeleted || row.RowState is DataRowState.Unchanged ? null : Values(row, DataRowVersion.Current),
            row.RowError,
            isDeleted ? [] : [.. row.GetColumnsInError().Select(column => (column.Ordinal, row.GetColumnError(column)))]
        );
    }

    // What an expression gives is computed there.
    private static object?[] Values(DataRow row, DataRowVersion version) =>
        [
            .. row
                .Table.Columns.Cast<DataColumn>()
                .Select(column => column.Expression.Length > 0 || row[column, version] is DBNull ? null : row[column, version]),
        ];

    private static void Add(DataTable table, RowParts parts, ColumnParts[] columns)
    {
        var row = table.Rows.Add([.. (parts.Original ?? parts.Current!).Select(value => value ?? DBNull.Value)]);
        if (parts.State != DataRowState.Added)
        {
            row.AcceptChanges();
        }

        switch (parts.State)
        {
            case DataRowState.Modified:
                row.SetModified();
                Set(row, parts.Current!, columns);
                break;
            case DataRowState.Deleted:
                row.Delete();
                break;
        }

        row.RowError = parts.Error;
        Array.ForEach(parts.ColumnErrors, error => row.SetColumnError(error.Column, error.Error));
    }

    private static void Set(DataRow row, object?[] values, ColumnParts[] columns)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].Expression.Length == 0 && !Equals(row[i], values[i] ?? DBNull.Value))
            {
                row[i] = values[i] ?? DBNull.Value;
            }
        }
    }
}
