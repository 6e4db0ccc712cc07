namespace FalServerless.Protocol;

/// <summary>An assembly that a body needs, by content; its symbols give remote stack traces their line numbers.</summary>
internal sealed record AssemblyReference
{
    /// <summary>The simple name, without version: <c>Shop.Orders</c>.</summary>
    public required string Name { get; init; }

    public required ContentHash Image { get; init; }

    public ContentHash? Symbols { get; init; }
}
