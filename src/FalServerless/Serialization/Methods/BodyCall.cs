using System.Reflection;

namespace FalServerless.Serialization.Methods;

/// <summary>One method of a body.</summary>
/// <param name="Method">What runs.</param>
/// <param name="Target">The type of the object that it is called on, or of the first argument that it is closed over; null for
/// none.</param>
internal sealed record BodyCall(MethodInfo Method, Type? Target)
{
    /// <summary>Whether the object tells nothing: the compiler's holder of lambdas that capture no variable.</summary>
    public bool IsMadeThere { get; } =
        Target is { IsClass: true } && Target == Method.DeclaringType && ClosureNames.IsMade(Target.Name) && HasNoFields(Target);

    public static bool HasNoFields(Type type) =>
        type.BaseType == typeof(object) && type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Length == 0;
}
