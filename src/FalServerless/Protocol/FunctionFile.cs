namespace FalServerless.Protocol;

/// <summary>
/// A file that surrounds a function's assemblies, by content: texts of a culture, a native library, the list of the program's dependencies.
/// </summary>
internal sealed record FunctionFile
{
    /// <summary>Relative to the folder of the assemblies, with slashes: <c>de/Shop.resources.dll</c>.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// The platform that a native library is made for, as packages name it: <c>linux-x64</c>. Null for a file of every platform.
    /// </summary>
    public string? Platform { get; init; }

    /// <summary>The package or project that a native library belongs to, for errors.</summary>
    public string? Package { get; init; }

    /// <summary>Null for a native library that is named only: it is made for a platform that no host of this client's has.</summary>
    public ContentHash? Content { get; init; }
}
