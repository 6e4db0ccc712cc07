using System.Data;
using System.Globalization;

namespace FalServerless.Serialization.Values;

/// <summary>What a table is made of.</summary>
internal sealed record TableParts(
    (string Name, string Namespace, string Prefix, string DisplayExpression) Names,
    bool CaseSensitive,
    CultureInfo Locale,
    ColumnParts[] Columns,
    KeyParts[] Keys,
    RowParts[] Rows,
    (object, object?)[] Notes
);

/// <summary>What a column is made of.</summary>
internal sealed record ColumnParts(
    (string Name, string Caption, string Namespace, string Prefix) Names,
    Type Type,
    bool AllowDBNull,
    bool ReadOnly,
    int MaxLength,
    DataSetDateTime DateTimeMode,
    MappingType Mapping,
    (bool IsOn, long Seed, long Step) Increment,
    object? Default,
    string Expression,
    (object, object?)[] Notes
);

/// <summary>A unique key: the places of its columns.</summary>
internal sealed record KeyParts(string Name, int[] Columns, bool IsPrimary);

/// <summary>
/// A row: its values as they were read, none for one that was added since; and as they are now, none for one that was deleted.
/// </summary>
internal sealed record RowParts(
    DataRowState State,
    object?[]? Original,
    object?[]? Current,
    string Error,
    (int Column, string Error)[] ColumnErrors
);

/// <summary>What a set of tables is made of.</summary>
internal sealed record SetParts(
    (string Name, string Namespace, string Prefix) Names,
    bool CaseSensitive,
    CultureInfo Locale,
    bool EnforceConstraints,
    TableParts[] Tables,
    ForeignKeyParts[] Keys,
    RelationParts[] Relations,
    (object, object?)[] Notes
);

/// <summary>A foreign key: the places of both tables and of their columns.</summary>
internal sealed record ForeignKeyParts(
    string Name,
    int Parent,
    int[] ParentColumns,
    int Child,
    int[] ChildColumns,
    Rule Update,
    Rule Delete,
    AcceptRejectRule Accept
);

/// <summary>A relation: the places of both tables and of their columns.</summary>
internal sealed record RelationParts(
    string Name,
    int Parent,
    int[] ParentColumns,
    int Child,
    int[] ChildColumns,
    bool IsNested,
    bool HasConstraints
);
