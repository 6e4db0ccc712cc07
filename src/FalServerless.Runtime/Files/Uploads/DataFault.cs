namespace FalServerless.Runtime.Files.Uploads;

/// <summary>Why something in <c>/data</c> is not done.</summary>
internal enum DataFault
{
    /// <summary>There is nothing at the path.</summary>
    NotFound,

    /// <summary>An entry of another kind is there.</summary>
    Conflict,

    /// <summary>Content is not what it was said to be.</summary>
    Mismatch,

    /// <summary>The disk is full.</summary>
    Full,
}
