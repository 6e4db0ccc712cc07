using System.Reflection;

namespace FalServerless.Serialization.Expressions;

/// <summary>The properties that the arguments of an anonymous type's constructor fill, by their names.</summary>
internal static class AnonymousMembers
{
    /// <summary>Null where a parameter has no property of its name.</summary>
    public static MemberInfo[]? Of(ConstructorInfo constructor)
    {
        var parameters = constructor.GetParameters();
        var members = new MemberInfo[parameters.Length];
        for (var i = 0; i < members.Length; i++)
        {
            var property = constructor.DeclaringType!.GetProperty(
                parameters[i].Name ?? "",
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly,
                null,
                parameters[i].ParameterType,
                [],
                null
            );
            if (property is null)
            {
                return null;
            }

            members[i] = property;
        }

        return members;
    }
}
