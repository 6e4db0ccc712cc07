using System.Reflection;
using System.Runtime.CompilerServices;

namespace FalServerless.Capture;

/// <summary>What compilers call the objects and fields that hold captured variables.</summary>
internal static class ClosureNames
{
    private const string VisualBasicLocal = "$VB$Local_";

    /// <summary>Whether a compiler made the type to hold captured variables.</summary>
    public static bool IsClosure(Type type) =>
        (type.Name.StartsWith("<>c__DisplayClass", StringComparison.Ordinal) || type.Name.StartsWith("_Closure$__", StringComparison.Ordinal))
        && type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    /// <summary>Whether a closure's field holds the <c>this</c> of the method around the lambda.</summary>
    public static bool IsThis(FieldInfo field) => field.Name is "<>4__this" or "$VB$Me";

    /// <summary>A closure's field as the source calls it.</summary>
    public static string Variable(FieldInfo field) =>
        IsThis(field) ? "this"
        : field.Name.StartsWith(VisualBasicLocal, StringComparison.Ordinal) ? field.Name[VisualBasicLocal.Length..]
        : field.Name;

    /// <summary>A field of <c>this</c>, or the primary constructor's parameter that the compiler keeps in one.</summary>
    public static string FieldOf(string owner, FieldInfo field) =>
        field.Name is ['<', .. var parameter, '>', 'P'] ? parameter : $"{owner}.{field.Name}";
}
