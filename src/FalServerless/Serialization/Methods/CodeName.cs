using System.Reflection;

namespace FalServerless.Serialization.Methods;

/// <summary>Code as its author knows it.</summary>
internal static class CodeName
{
    /// <summary><c>Model.Load</c>, or <c>a lambda in Main</c>.</summary>
    public static string Of(MethodBase method) =>
        method.Name is ['<', .. var rest] && rest.IndexOf('>') is > 0 and var end ? $"a lambda in '{rest[..end]}'" : $"'{method.DeclaringType?.Name}.{method.Name}'";
}
