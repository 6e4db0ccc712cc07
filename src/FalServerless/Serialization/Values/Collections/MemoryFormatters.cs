namespace FalServerless.Serialization.Values;

/// <summary>Views of arrays are sent as the part they show; and the few other types of namespace System that wrap a value.</summary>
internal static class MemoryFormatters
{
    public static ValueFormatter ArraySegment<T>(FormatterResolver formatters) =>
        new InlineItemsFormatter<ArraySegment<T>, T>(
            formatters.For<T>(),
            view => view.Array is null ? null : view.ToArray(),
            items => new(items)
        );

    public static ValueFormatter Memory<T>(FormatterResolver formatters) =>
        new InlineItemsFormatter<Memory<T>, T>(formatters.For<T>(), view => view.ToArray(), items => items);

    public static ValueFormatter ReadOnlyMemory<T>(FormatterResolver formatters) =>
        new InlineItemsFormatter<ReadOnlyMemory<T>, T>(formatters.For<T>(), view => view.ToArray(), items => items);

    public static ValueFormatter Nullable<T>(FormatterResolver formatters)
        where T : struct => new NullableFormatter<T>(formatters.For<T>());

    public static ValueFormatter StringBuilder(FormatterResolver formatters) => new TextBuilderFormatter();
}
