namespace FalServerless.Protocol.Http;

/// <summary>The code of a function and nothing of its data. The SHA-256 of its bytes is the function's code identity.</summary>
internal sealed record FunctionManifest
{
    public required BodyKind Kind { get; init; }

    /// <summary>Opaque to all but the worker.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>In the order of their names, so that the same code has the same bytes.</summary>
    public required IReadOnlyList<AssemblyReference> Assemblies { get; init; }

    /// <summary>In the order of their paths.</summary>
    public IReadOnlyList<FunctionFile> Files { get; init; } = [];

    /// <summary>The simple name of the program's own assembly, where it is among the assemblies.</summary>
    public string? Program { get; init; }
}
