namespace FalServerless.Serialization.Values;

/// <summary>Which types are cached functions, and what their code is.</summary>
internal static class CachedFormatters
{
    private static readonly Type[] Bodies = [typeof(Func<>), typeof(Func<,>), typeof(Func<,,>), typeof(Func<,,,>), typeof(Func<,,,,>)];

    public static bool Holds(Type type) => type.IsAssignableTo(typeof(ICachedFunction));

    public static ValueFormatter Make(Type type, FormatterResolver formatters)
    {
        var arguments = type.GetGenericArguments();
        return FormatterFactory.Cached(type, Bodies[arguments.Length - 1].MakeGenericType(arguments), formatters);
    }
}
