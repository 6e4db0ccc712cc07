using System.Data;

namespace FalServerless.Serialization.Values;

/// <summary>Takes a set of tables apart, and makes it again: the tables, then what holds between them.</summary>
internal static class SetCodec
{
    public static SetParts Take(DataSet set)
    {
        var tables = set.Tables.Cast<DataTable>().ToArray();
        return new(
            (set.DataSetName, set.Namespace, set.Prefix),
            set.CaseSensitive,
            set.Locale,
            set.EnforceConstraints,
            [.. tables.Select(TableCodec.Take)],
            [
                .. tables
                    .SelectMany(table => table.Constraints.OfType<ForeignKeyConstraint>())
                    .Select(key => new ForeignKeyParts(
                        key.ConstraintName,
                        Place(key.RelatedTable),
                        TableCodec.Ordinals(key.RelatedColumns),
                        Place(key.Table!),
                        TableCodec.Ordinals(key.Columns),
                        key.UpdateRule,
                        key.DeleteRule,
                        key.AcceptRejectRule
                    )),
            ],
            [
                .. set
                    .Relations.Cast<DataRelation>()
                    .Select(relation => new RelationParts(
                        relation.RelationName,
                        Place(relation.ParentTable),
                        TableCodec.Ordinals(relation.ParentColumns),
                        Place(relation.ChildTable),
                        TableCodec.Ordinals(relation.ChildColumns),
                        relation.Nested,
                        relation.ChildKeyConstraint is not null
                    )),
            ],
            TableCodec.Notes(set.ExtendedProperties)
        );

        int Place(DataTable table) => Array.IndexOf(tables, table);
    }

    public static DataSet Make(SetParts parts)
    {
        var set = new DataSet(parts.Names.Name)
        {
            Namespace = parts.Names.Namespace,
            Prefix = parts.Names.Prefix,
            CaseSensitive = parts.CaseSensitive,
            Locale = parts.Locale,
            EnforceConstraints = false,
        };
        var tables = parts.Tables.Select(TableCodec.Make).ToArray();
        set.Tables.AddRange(tables);
        foreach (var key in parts.Keys)
        {
            tables[key.Child]
                .Constraints.Add(
                    new ForeignKeyConstraint(
                        key.Name,
                        TableCodec.Columns(tables[key.Parent], key.ParentColumns),
                        TableCodec.Columns(tables[key.Child], key.ChildColumns)
                    )
                    {
                        UpdateRule = key.Update,
                        DeleteRule = key.Delete,
                        AcceptRejectRule = key.Accept,
                    }
                );
        }

        foreach (var relation in parts.Relations)
        {
            set.Relations.Add(
                new DataRelation(
                    relation.Name,
                    TableCodec.Columns(tables[relation.Parent], relation.ParentColumns),
                    TableCodec.Columns(tables[relation.Child], relation.ChildColumns),
                    relation.HasConstraints
                )
                {
                    Nested = relation.IsNested,
                }
            );
        }

        TableCodec.Fill(set.ExtendedProperties, parts.Notes);
        set.EnforceConstraints = parts.EnforceConstraints;
        return set;
    }
}
