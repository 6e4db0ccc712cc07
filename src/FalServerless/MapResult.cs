using System.Diagnostics.CodeAnalysis;

namespace FalServerless;

/// <summary>What became of one input of <c>MapAsync</c>: a value, or what the call threw.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed record MapResult<T>
{
    /// <summary>The input's place among the inputs, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>What the body returned; the type's default where it failed.</summary>
    public T? Value { get; init; }

    /// <summary>What the body threw, as it was thrown, or why it could not run to its end; null where it succeeded.</summary>
    public Exception? Exception { get; init; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(false, nameof(Exception))]
    public bool IsSuccess => Exception is null;
}
