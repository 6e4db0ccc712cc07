using System.Reflection;

namespace FalServerless.Serialization.Methods;

/// <summary>Code as its author knows it.</summary>
internal static class CodeName
{
    /// <summary><c>Model.Load</c>, or <c>a lambda in Main</c>.</summary>
    public static string Of(MethodBase method)
    {
        // What a compiler makes of a method that awaits or yields is called after it: <Load>d__1, and <<Main>b__0>d of a lambda.
        var isMachine = method is { Name: "MoveNext", DeclaringType: { } type } && ClosureNames.IsHolder(type.Name);
        var (name, owner) = isMachine
            ? (method.DeclaringType!.Name, method.DeclaringType.DeclaringType)
            : (method.Name, method.DeclaringType);
        if (name == "<Clone>$")
        {
            return $"'with' of '{owner?.Name}'";
        }

        if (name.StartsWith('<') && name.LastIndexOf('<') is var start && name.IndexOf('>') is var end && end > start + 1)
        {
            var inner = name[(start + 1)..end];
            return isMachine && !name.StartsWith("<<", StringComparison.Ordinal) ? $"'{owner?.Name}.{inner}'" : $"a lambda in '{inner}'";
        }

        return $"'{owner?.Name}.{name}'";
    }
}
