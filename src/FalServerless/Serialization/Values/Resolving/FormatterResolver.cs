using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Types;

namespace FalServerless.Serialization.Values;

/// <summary>Finds the formatter of a type, and makes it at the first question.</summary>
internal sealed class FormatterResolver
{
    /// <summary>Larger structs would fill the stack, which every level of a graph holds several of.</summary>
    private const int MaximumStructSize = 2048;

    private static readonly GateFormatter Gates = new();

    private readonly ConcurrentDictionary<Type, ValueFormatter> _formatters = new();
    private readonly ConcurrentDictionary<Type, ValueFormatter> _runtimeFormatters = new();

    public ValueFormatter<T> For<T>() => (ValueFormatter<T>)For(typeof(T));

    /// <summary>The formatter for slots of this declared type.</summary>
    /// <exception cref="NotSendableException">The type itself makes it impossible, whatever the value.</exception>
    public ValueFormatter For(Type type) => _formatters.TryGetValue(type, out var known) ? known : _formatters.GetOrAdd(type, Create(type));

    /// <summary>The formatter for a value of this runtime type, which is often hidden behind a public one.</summary>
    public ValueFormatter ForRuntime(Type type, ValueLimits limits)
    {
        if (!_runtimeFormatters.TryGetValue(type, out var formatter))
        {
            formatter = _runtimeFormatters.GetOrAdd(type, RuntimeTypes.StandIn(type, this) ?? ForNamed(type));
        }

        if (formatter is ILazySequenceFormatter && !limits.RunsLazySequences && RuntimeTypes.IsLazy(type))
        {
            throw new NotSendableException(
                type,
                "it is a lazy sequence, and reading it would run your code here",
                "Add .ToList() where it is made, so that it is a list"
            );
        }

        return formatter;
    }

    /// <summary>
    /// The formatter for a value whose type a message names: a slot of type object takes anything, an object of that very type is a gate.
    /// </summary>
    public ValueFormatter ForNamed(Type type) => type == typeof(object) ? Gates : For(type);

    private ValueFormatter Create(Type type)
    {
        if (ScalarFormatters.Find(type) is { } scalar)
        {
            return scalar;
        }

        ThrowIfImpossible(type);
        return Refusals.Find(type) is { } refusal ? FormatterFactory.Refused(type, refusal)
            : type.IsArray ? FormatterFactory.Array(type, this)
            : type.IsEnum ? FormatterFactory.Enum(type, this)
            : KnownFamilies.Find(type) is { } factory ? factory(this)
            : type.IsAssignableTo(typeof(Exception)) && !type.IsAbstract ? FormatterFactory.Exception(type, this)
            : ExpressionFormatters.Holds(type) ? ExpressionFormatters.Make(type, this)
            : type.IsAssignableTo(typeof(Delegate)) && !type.IsAbstract ? FormatterFactory.Delegate(type, this)
            : CachedFormatters.Holds(type) ? CachedFormatters.Make(type, this)
            : type.IsInterface || type.IsAbstract ? FormatterFactory.Polymorphic(type, this)
            : type == typeof(object) ? FormatterFactory.Polymorphic(type, this)
            : FrameworkTypes.Contains(type) ? FormatterFactory.Refused(type, Refusals.UnknownFrameworkType(type))
            : RuntimeTypes.RunningIterator(type) is { } unfinished ? FormatterFactory.Refused(type, unfinished)
            : ClosureNames.IsClosure(type) ? FormatterFactory.Closure(type, this)
            : FSharpFormatters.Find(type, this) ?? DerivedCollections.Find(type, this) ?? FormatterFactory.Object(type, this);
    }

    private static void ThrowIfImpossible(Type type)
    {
        if (type.IsPointer || type.IsFunctionPointer)
        {
            throw Refusals.Pointer.For(type);
        }

        if (type.IsByRef || type.IsByRefLike)
        {
            throw new NotSendableException(type, "it lives on the stack of this process", "Pass an array or Memory<T> instead");
        }

        if (type == typeof(void) || type.ContainsGenericParameters)
        {
            throw new NotSendableException(type, "there are no values of it", "Pass a closed type");
        }

        if (type.IsValueType && RuntimeHelpers.SizeOf(type.TypeHandle) > MaximumStructSize)
        {
            throw new NotSendableException(
                type,
                $"a struct of more than {MaximumStructSize} bytes is too large to pass by value",
                "Make it a class"
            );
        }

        if (type.IsArray)
        {
            ThrowIfImpossible(type.GetElementType()!);
        }

        if (MadeAtRunTime(type) is { } made)
        {
            throw new NotSendableException(
                type,
                $"{(made == type ? "it" : $"'{made}'")} was made at run time, and exists in this process only",
                "Use a type that a compiler built"
            );
        }
    }

    private static Type? MadeAtRunTime(Type type) =>
        type.HasElementType ? MadeAtRunTime(type.GetElementType()!)
        : type.Assembly.IsDynamic ? type
        : type.GetGenericArguments().Select(MadeAtRunTime).FirstOrDefault(made => made is not null);
}
