using System.Collections;
using System.Runtime.CompilerServices;
using FalServerless.Serialization.Types;

namespace FalServerless.Serialization.Values;

/// <summary>Runtime types that are hidden behind a public one: what is sent in place of them.</summary>
internal static class RuntimeTypes
{
    private static readonly string[] PublicBases =
    [
        "System.Collections.Frozen.FrozenSet`1",
        "System.Collections.Frozen.FrozenDictionary`2",
        "System.Text.Json.Nodes.JsonValue",
        "System.Linq.Lookup`2",
        "System.Text.UTF8Encoding",
        "System.Text.ASCIIEncoding",
        "System.Text.Encoding",
        "System.FormattableString",
        "System.TimeProvider",
        "System.Net.IPAddress",
        "System.StringComparer",
        "System.Collections.Generic.Comparer`1",
        "System.Collections.Generic.EqualityComparer`1",
    ];

    // The more a sequence promises the earlier: an ordered sequence is enumerable too.
    private static readonly Type[] Sequences =
    [
        typeof(ILookup<,>),
        typeof(IGrouping<,>),
        typeof(IOrderedEnumerable<>),
        typeof(IQueryable<>),
        typeof(IEnumerable<>),
    ];

    private static readonly Type[] Finished = [typeof(ICollection<>), typeof(IReadOnlyCollection<>), typeof(ILookup<,>)];

    /// <summary>
    /// The formatter that writes values of this type in the name of another; null where values are written under their own type.
    /// </summary>
    public static ValueFormatter? StandIn(Type type, FormatterResolver formatters)
    {
        if (type.IsAssignableTo(typeof(Type)))
        {
            return formatters.For(typeof(Type));
        }

        // The bytes of an exception name its type, which the other side may lack.
        if (type.IsAssignableTo(typeof(Exception)))
        {
            return formatters.For(typeof(Exception));
        }

        if (ExpressionFormatters.Holds(type))
        {
            return formatters.For(ExpressionFormatters.PublicClass(type));
        }

        var isFramework = FrameworkTypes.Contains(type);
        if (isFramework && KnownFamilies.Find(type) is null && PublicBase(type) is { } known)
        {
            return formatters.For(known);
        }

        if (!IsSequence(type, isFramework) || SequenceInterface(type) is not { } sequence)
        {
            return null;
        }

        return sequence.GetGenericTypeDefinition() == typeof(IEnumerable<>)
            ? FormatterFactory.Method(typeof(LinqFormatters), nameof(LinqFormatters.Sequence), sequence.GetGenericArguments())(formatters)
            : formatters.For(sequence);
    }

    /// <summary>Whether reading a sequence of this type runs code; the keys of a dictionary, say, are all there already.</summary>
    public static bool IsLazy(Type type) =>
        !Array.Exists(type.GetInterfaces(), known => known.IsConstructedGenericType && Finished.Contains(known.GetGenericTypeDefinition()));

    /// <summary>
    /// Whether code can name this collection of the framework, or a base class that makes it one, and so would miss it where a list takes
    /// its place.
    /// </summary>
    public static bool IsOwnType(Type type) =>
        FrameworkTypes.Contains(type)
        && (type.IsVisible || (type.BaseType is { } level && level.IsAssignableTo(typeof(IEnumerable)) && IsOwnType(level)));

    /// <summary>Whether a slot of this type promises items and nothing else.</summary>
    public static bool IsSequenceSlot(Type declared) => declared.IsInterface && declared.IsAssignableTo(typeof(IEnumerable));

    /// <summary>
    /// Why an object that the compiler makes of a method with yield cannot be sent: it is in the middle of that method. Null for what
    /// can be run.
    /// </summary>
    public static SendRefusal? RunningIterator(Type type) =>
        !IsIterator(type) ? null
        : Promises(type, typeof(IAsyncEnumerable<>)) || Promises(type, typeof(IAsyncEnumerator<>)) ? Refusals.AsyncSequence
        : type.IsAssignableTo(typeof(IEnumerator)) ? Refusals.Enumerator
        : null;

    /// <summary>Whether a type implements a generic interface.</summary>
    public static bool Promises(Type type, Type definition) =>
        Array.Exists(type.GetInterfaces(), known => known.IsConstructedGenericType && known.GetGenericTypeDefinition() == definition);

    private static Type? PublicBase(Type type)
    {
        for (var known = type.BaseType; known is not null; known = known.BaseType)
        {
            if (PublicBases.Contains(known.IsGenericType ? known.GetGenericTypeDefinition().FullName : known.FullName))
            {
                return known;
            }
        }

        return null;
    }

    // Framework: all that has no form of its own. User: what the compiler makes of a method with yield, and query providers.
    private static bool IsSequence(Type type, bool isFramework) =>
        !type.IsValueType
        && !type.IsArray
        && type != typeof(string)
        && (
            isFramework
                ? KnownFamilies.Find(type) is null && Refusals.Find(type) is null
                : IsIterator(type) || type.IsAssignableTo(typeof(IQueryable))
        );

    // <>z__ is what a collection expression makes for an interface: an object like any other, with its items inside.
    private static bool IsIterator(Type type) =>
        (type.Name.StartsWith('<') || type.Name.StartsWith("VB$StateMachine_", StringComparison.Ordinal))
        && !type.Name.StartsWith("<>z__", StringComparison.Ordinal)
        && IsCompilerGenerated(type);

    // The iterator of a local function is nested in the closure that it uses, and only that is marked.
    private static bool IsCompilerGenerated(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || (type.DeclaringType is { } outer && IsCompilerGenerated(outer));

    private static Type? SequenceInterface(Type type) =>
        Sequences
            .Select(definition =>
                Array.Find(type.GetInterfaces(), known => known.IsConstructedGenericType && known.GetGenericTypeDefinition() == definition)
            )
            .FirstOrDefault(found => found is not null);
}
