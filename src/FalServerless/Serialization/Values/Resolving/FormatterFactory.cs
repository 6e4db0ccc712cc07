using System.Reflection;

namespace FalServerless.Serialization.Values;

/// <summary>Makes the formatters whose type arguments are known only at run time.</summary>
internal static class FormatterFactory
{
    public delegate ValueFormatter Factory(FormatterResolver formatters);

    /// <summary>A generic factory method of a class, for these type arguments.</summary>
    public static Factory Method(Type holder, string name, params Type[] arguments)
    {
        var method =
            holder.GetMethod(name, arguments.Length, BindingFlags.Static | BindingFlags.Public, null, [typeof(FormatterResolver)], null)
            ?? throw new MissingMethodException(holder.Name, name);
        return (arguments.Length == 0 ? method : method.MakeGenericMethod(arguments)).CreateDelegate<Factory>();
    }

    public static ValueFormatter Array(Type type, FormatterResolver formatters)
    {
        var element = type.GetElementType()!;
        return type.IsSZArray
            ? element == typeof(byte)
                ? new ByteArrayFormatter()
                : Make(nameof(Makers.Array), formatters, element)
            : Make(nameof(Makers.MultiArray), formatters, type, element);
    }

    public static ValueFormatter Enum(Type type, FormatterResolver formatters) =>
        Make(nameof(Makers.Enum), formatters, type, type.GetEnumUnderlyingType());

    public static ValueFormatter Polymorphic(Type type, FormatterResolver formatters) => Make(nameof(Makers.Polymorphic), formatters, type);

    public static ValueFormatter Object(Type type, FormatterResolver formatters) =>
        Make(type.IsValueType ? nameof(Makers.Struct) : nameof(Makers.Object), formatters, type);

    public static ValueFormatter Closure(Type type, FormatterResolver formatters) => Make(nameof(Makers.Closure), formatters, type);

    public static ValueFormatter Delegate(Type type, FormatterResolver formatters) => Make(nameof(Makers.Delegate), formatters, type);

    public static ValueFormatter Exception(Type type, FormatterResolver formatters) => Make(nameof(Makers.Exception), formatters, type);

    public static ValueFormatter Cached(Type type, Type body, FormatterResolver formatters) =>
        Make(nameof(Makers.Cached), formatters, type, body);

    /// <summary>Fields in their order as an array, for tuples and pairs.</summary>
    public static Factory Positional(Type type) =>
        Method(typeof(Makers), type.IsValueType ? nameof(Makers.PositionalStruct) : nameof(Makers.PositionalObject), type);

    public static ValueFormatter Refused(Type type, SendRefusal refusal) =>
        (ValueFormatter)typeof(Makers).GetMethod(nameof(Makers.Refused))!.MakeGenericMethod(type).Invoke(null, [refusal])!;

    private static ValueFormatter Make(string name, FormatterResolver formatters, params Type[] arguments) =>
        Method(typeof(Makers), name, arguments)(formatters);

    private static class Makers
    {
        public static ValueFormatter Array<T>(FormatterResolver formatters) => new ArrayFormatter<T>(formatters.For<T>());

        public static ValueFormatter MultiArray<TArray, T>(FormatterResolver formatters)
            where TArray : class => new MultiArrayFormatter<TArray, T>(formatters.For<T>());

        public static ValueFormatter Enum<T, TNumber>(FormatterResolver formatters)
            where T : struct, Enum
            where TNumber : struct, System.Numerics.IBinaryInteger<TNumber> => new EnumFormatter<T, TNumber>(formatters.For<TNumber>());

        public static ValueFormatter Polymorphic<T>(FormatterResolver formatters)
            where T : class => new PolymorphicFormatter<T>(formatters);

        public static ValueFormatter Object<T>(FormatterResolver formatters)
            where T : class
        {
            var contract = SerializationContract.Find(typeof(T), formatters);
            return contract is null ? StaticInstances.Wrap(new ObjectFormatter<T>(formatters), formatters)
                : contract.IsReplaced ? new ContractFormatter<T>(contract)
                : StaticInstances.Wrap(new ContractFormatter<T>(contract), formatters);
        }

        public static ValueFormatter Struct<T>(FormatterResolver formatters)
            where T : struct =>
            SerializationContract.Find(typeof(T), formatters) is { } contract
                ? new ContractStructFormatter<T>(contract)
                : new StructFormatter<T>(formatters);

        public static ValueFormatter PositionalObject<T>(FormatterResolver formatters)
            where T : class => new ObjectFormatter<T>(formatters, isPositional: true);

        public static ValueFormatter Closure<T>(FormatterResolver formatters)
            where T : class => new ClosureFormatter<T>(formatters);

        public static ValueFormatter Delegate<T>(FormatterResolver formatters)
            where T : Delegate => new DelegateFormatter<T>(formatters);

        public static ValueFormatter Exception<T>(FormatterResolver formatters)
            where T : Exception => new ExceptionFormatter<T>(formatters);

        public static ValueFormatter Cached<T, TBody>(FormatterResolver formatters)
            where T : class, ICachedFunction
            where TBody : Delegate => new CachedFormatter<T>(formatters.For(typeof(TBody)));

        public static ValueFormatter PositionalStruct<T>(FormatterResolver formatters)
            where T : struct => new StructFormatter<T>(formatters, isPositional: true);

        public static ValueFormatter Refused<T>(SendRefusal refusal) => new RefusedFormatter<T>(refusal);
    }
}
