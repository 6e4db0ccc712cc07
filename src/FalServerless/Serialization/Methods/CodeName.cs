using System.Reflection;

namespace FalServerless.Serialization.Methods;

/// <summary>Code as its author knows it.</summary>
internal static class CodeName
{
    /// <summary><c>Model.Load</c>, or <c>a lambda in Main</c>.</summary>
    public static string Of(MethodBase method)
    {
        // What a compiler makes of a method that awaits or yields is called after it: <Load>d__1, and <<Main>b__0>d of a lambda.
        var (name, owner) = method is { Name: "MoveNext", DeclaringType: { } type } && ClosureNames.IsHolder(type.Name) ? (type.Name, type.DeclaringType) : (method.Name, method.DeclaringType);
        return name.LastIndexOf('<') is >= 0 and var start && name.IndexOf('>') is var end && end > start + 1
            ? name.Contains(">b__", StringComparison.Ordinal) || name.Contains(">g__", StringComparison.Ordinal) ? $"a lambda in '{name[(start + 1)..end]}'" : $"'{owner?.Name}.{name[(start + 1)..end]}'"
            : $"'{owner?.Name}.{name}'";
    }
}
