using System.Reflection;
using System.Runtime.CompilerServices;

namespace FalServerless.Serialization.Methods;

/// <summary>What compilers call the objects and fields that hold captured variables.</summary>
internal static class ClosureNames
{
    private const string ClosurePrefix = "<>c__DisplayClass";
    private const string VisualBasicClosurePrefix = "_Closure$__";
    private const string VisualBasicLocal = "$VB$Local_";

    /// <summary>Whether a compiler made the type to hold captured variables.</summary>
    public static bool IsClosure(Type type) => IsClosure(type.Name) && type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    public static bool IsClosure(string typeName) =>
        typeName.StartsWith(ClosurePrefix, StringComparison.Ordinal)
        || typeName.StartsWith(VisualBasicClosurePrefix, StringComparison.Ordinal);

    /// <summary>Whether no source has a type or method of this name.</summary>
    public static bool IsMade(string name) =>
        name.StartsWith('<')
        || name.StartsWith(VisualBasicClosurePrefix, StringComparison.Ordinal)
        || name.StartsWith("_Lambda$__", StringComparison.Ordinal)
        || name.StartsWith("VB$StateMachine_", StringComparison.Ordinal);

    /// <summary>
    /// Whether a type of this name is a closure or a state machine: what a compiler lets hold the <c>this</c> of a method.
    /// </summary>
    public static bool IsHolder(string typeName) =>
        IsClosure(typeName)
        || typeName.StartsWith("VB$StateMachine_", StringComparison.Ordinal)
        || (typeName.StartsWith('<') && typeName.Contains(">d", StringComparison.Ordinal));

    /// <summary>Whether a closure's field holds the <c>this</c> of the method around the lambda.</summary>
    public static bool IsThis(FieldInfo field) => IsThis(field.Name);

    public static bool IsThis(string fieldName) => fieldName is "<>4__this" or "$VB$Me";

    /// <summary>Whether a closure's field keeps a delegate that the code makes again where it is missing.</summary>
    public static bool IsCache(string fieldName) => fieldName.StartsWith("<>9", StringComparison.Ordinal);

    /// <summary>A closure's field as the source calls it.</summary>
    public static string Variable(FieldInfo field) =>
        IsThis(field) ? "this"
        : field.Name.StartsWith(VisualBasicLocal, StringComparison.Ordinal) ? field.Name[VisualBasicLocal.Length..]
        : field.Name;

    /// <summary>A field of <c>this</c>, or the primary constructor's parameter that the compiler keeps in one.</summary>
    public static string FieldOf(string owner, FieldInfo field) =>
        field.Name is ['<', .. var parameter, '>', 'P'] ? parameter : $"{owner}.{field.Name}";
}
