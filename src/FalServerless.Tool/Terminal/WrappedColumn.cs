namespace FalServerless.Tool.Terminal;

/// <summary>What becomes of the cells of a table's last column that are too long for a line.</summary>
internal enum WrappedColumn
{
    /// <summary>They end with an ellipsis.</summary>
    Cut,

    /// <summary>They go on in the next line.</summary>
    Wrap,

    /// <summary>They stay as they are, as paths must that are copied from there.</summary>
    Whole,
}
