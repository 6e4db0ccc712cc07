namespace FalServerless.Protocol.Worker;

/// <summary>What a worker needs to know of a function before its first call.</summary>
internal sealed record WorkerFunction
{
    public required ContentHash Function { get; init; }

    public required ReadOnlyMemory<byte> Manifest { get; init; }

    /// <summary>The files of the manifest's assemblies, in its order; symbols are beside the images.</summary>
    public required IReadOnlyList<string> AssemblyPaths { get; init; }

    /// <summary>The folder that contains all files of the function; null for a function without any.</summary>
    public string? Folder { get; init; }
}
