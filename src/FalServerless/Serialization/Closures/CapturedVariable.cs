using FalServerless.Serialization.Methods;

namespace FalServerless.Serialization.Closures;

/// <summary>A value that a lambda takes from around it. It is read again at each call, as in any closure.</summary>
/// <param name="Name">As in the source: <c>name</c>, <c>this</c>, <c>this._field</c>; <c>constant 1</c> where the source gives it
/// none.</param>
/// <param name="Type">The declared type.</param>
/// <param name="Read">Reads the current value from fields; runs nothing of the user's.</param>
internal sealed record CapturedVariable(string Name, Type Type, Func<object?> Read)
{
    /// <summary>Whether it is an object that the tree holds as a constant: nothing can put another one into its place.</summary>
    public bool IsConstant { get; init; }

    /// <summary>Whether it is a compiler's object, whose fields are the variables that the source knows.</summary>
    public bool IsClosure { get; } = ClosureNames.IsClosure(Type);
}
