using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using FalServerless.Serialization.Types;

namespace FalServerless.Serialization.Expressions;

/// <summary>Finds the members that a spelling fits. Reads metadata only: nothing of the user's runs.</summary>
internal static class MemberLookup
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // Kept with the names, so that a load context that is unloaded takes its cache along.
    private static readonly ConditionalWeakTable<TypeNames, ConcurrentDictionary<MemberSpelling, MemberInfo>> Found = [];

    /// <summary>The one member that fits.</summary>
    /// <exception cref="ProtocolException">None does, or several do.</exception>
    public static MemberInfo Resolve(MemberSpelling spelling, TypeNames names)
    {
        var known = Found.GetValue(names, static _ => new());
        if (known.TryGetValue(spelling, out var member))
        {
            return member;
        }

        var fitting = Fitting(spelling);
        if (fitting.Count != 1)
        {
            throw new ProtocolException(
                $"The type '{spelling.Declaring}' here has {fitting.Count} members that fit '{spelling.Name ?? ".ctor"}'. Was its "
                    + $"assembly rebuilt with another set of members?"
            );
        }

        known.TryAdd(spelling, fitting[0]);
        return fitting[0];
    }

    public static int Count(MemberSpelling spelling) => Fitting(spelling).Count;

    public static Type[] ParametersOf(MemberInfo member) =>
        member switch
        {
            MethodBase method => Array.ConvertAll(method.GetParameters(), parameter => parameter.ParameterType),
            PropertyInfo property => Array.ConvertAll(property.GetIndexParameters(), parameter => parameter.ParameterType),
            _ => [],
        };

    public static Type ResultOf(MemberInfo member) =>
        member switch
        {
            MethodInfo method => method.ReturnType,
            PropertyInfo property => property.PropertyType,
            FieldInfo field => field.FieldType,
            _ => typeof(void),
        };

    /// <summary>The text of the member as its generic definition has it.</summary>
    public static string TextOf(MemberInfo member)
    {
        var declaring = member.DeclaringType!;
        var definition = declaring.IsConstructedGenericType
            ? Array.Find(declaring.GetGenericTypeDefinition().GetMembers(Declared), member.HasSameMetadataDefinitionAs) ?? member
            : member;
        return (definition is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericMethodDefinition() : definition).ToString()!;
    }

    private static List<MemberInfo> Fitting(MemberSpelling spelling)
    {
        MemberInfo[] candidates = spelling.Name is null
            ? spelling.Declaring.GetConstructors(Declared & ~BindingFlags.Static)
            : spelling.Declaring.GetMember(spelling.Name, spelling.Kind, Declared);
        var fitting = new List<MemberInfo>();
        foreach (var candidate in candidates)
        {
            // A name that ends in a star would be a pattern to GetMember.
            if (
                (spelling.Name is null || candidate.Name == spelling.Name)
                && Close(candidate, spelling) is { } member
                && Fits(member, spelling)
            )
            {
                fitting.Add(member);
            }
        }

        return fitting;
    }

    private static MemberInfo? Close(MemberInfo candidate, MemberSpelling spelling)
    {
        var arity = candidate is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericArguments().Length : 0;
        if (arity != spelling.Arity)
        {
            return null;
        }

        try
        {
            return spelling.Arguments is null ? candidate : ((MethodInfo)candidate).MakeGenericMethod(spelling.Arguments);
        }
        catch (Exception e) when (e is ArgumentException or TypeLoadException or NotSupportedException)
        {
            // Overloads may differ in their constraints: this one does not take these type arguments.
            return null;
        }
    }

    private static bool Fits(MemberInfo member, MemberSpelling spelling) =>
        (spelling.Parameters is null || spelling.Parameters.AsSpan().SequenceEqual(ParametersOf(member)))
        && (spelling.Result is null || spelling.Result == ResultOf(member))
        && (spelling.Text is null || spelling.Text == TextOf(member));
}
