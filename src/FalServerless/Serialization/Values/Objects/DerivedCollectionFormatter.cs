using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>A user's class derived from a collection of the framework: <c>[items, own fields]</c>.</summary>
internal sealed class DerivedCollectionFormatter<T>(FormatterResolver formatters, Type frameworkBase, Func<ValueFormatter> makeItems)
    : ReferenceFormatter<T>
    where T : class
{
    private readonly SerializationCallbacks? _callbacks = SerializationCallbacks.Find(typeof(T));

    // Both are made at the first use, since a class may be a list of itself.
    private ValueFormatter? _items;
    private ObjectShape? _shape;

    private ValueFormatter ItemsPart => _items ??= makeItems();

    private ObjectShape Shape =>
        _shape ??= ShapeBuilder.Build(typeof(T), isPositional: false, formatters, frameworkBase, leavesOut: _callbacks is not null);

    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        _callbacks?.BeforeWriting(value);
        writer.WriteArrayHeader(2);
        ItemsPart.WriteBody(ref writer, value, session);
        Shape.Write(ref writer, value, session);
        _callbacks?.AfterWriting(value);
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        BytesCodec.ExpectItems(ref reader, 2);
        var value = ItemsPart.ReadBody(ref reader, session, slot);
        _callbacks?.BeforeReading(value);
        Shape.Read(ref reader, value, session);
        _callbacks?.AfterReading(value, session);
        return value;
    }
}
