using System.ComponentModel;
using System.Dynamic;
using System.Runtime.CompilerServices;

namespace FalServerless.Serialization.Values;

/// <summary>Objects whose members are made at run time.</summary>
internal static class DynamicFormatters
{
    public static ValueFormatter ExpandoObject(FormatterResolver formatters) =>
        new MapFormatter<ExpandoObject, string, object?, IEqualityComparer<string>>(
            formatters.For<string>(),
            formatters.For<object?>(),
            new(_ => null, Members, (_, _) => new(), (expando, name, value) => ((IDictionary<string, object?>)expando).TryAdd(name, value))
        );

    private static KeyValuePair<string, object?>[] Members(ExpandoObject expando) =>
        Handlers(expando) is null
            ? [.. expando]
            : throw Surrogates.Refuse(
                expando,
                "handlers of this process wait for its PropertyChanged",
                "Take them off, or copy its members to a new ExpandoObject"
            );

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_propertyChanged")]
    private static extern ref PropertyChangedEventHandler? Handlers(ExpandoObject expando);
}
