using System.Data;

namespace FalServerless.Serialization.Values;

/// <summary>
/// Tables with their rows' states, and sets of tables. One that belongs to a set brings the set, and is its table again there.
/// </summary>
internal static class DataFormatters
{
    public static ValueFormatter DataTable(FormatterResolver formatters) =>
        Surrogates.Class<DataTable, (DataSet?, int, TableParts?)>(
            formatters,
            table => table.DataSet is { } set ? (set, set.Tables.IndexOf(table), null) : (null, 0, TableCodec.Take(table)),
            parts => parts.Item1 is { } set ? set.Tables[parts.Item2] : TableCodec.Make(parts.Item3!)
        );

    public static ValueFormatter DataSet(FormatterResolver formatters) =>
        Surrogates.Class<DataSet, SetParts>(formatters, SetCodec.Take, SetCodec.Make);

    public static ValueFormatter DataRow(FormatterResolver formatters) =>
        Surrogates.Class<DataRow, (DataTable, int)>(
            formatters,
            row =>
                row.RowState == DataRowState.Detached
                    ? throw Surrogates.Refuse(
                        row,
                        "it is not in its table, which alone knows its columns",
                        "Add it to its table, or pass its ItemArray"
                    )
                    : (row.Table, row.Table.Rows.IndexOf(row)),
            parts => parts.Item1.Rows[parts.Item2]
        );
}
