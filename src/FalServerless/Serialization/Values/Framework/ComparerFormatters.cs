using System.Reflection;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>Comparers as values of their own: the well-known ones, the default ones, and those that were made from code.</summary>
internal static class ComparerFormatters
{
    public static ValueFormatter StringComparer(FormatterResolver formatters) => new TextComparerFormatter<StringComparer>();

    public static ValueFormatter ReferenceEqualityComparer(FormatterResolver formatters) =>
        new TextComparerFormatter<ReferenceEqualityComparer>();

    public static ValueFormatter Comparer<T>(FormatterResolver formatters) =>
        new MadeComparerFormatter<Comparer<T>>(
            System.Collections.Generic.Comparer<T>.Default,
            [(typeof(Comparison<T>), formatters)],
            code => System.Collections.Generic.Comparer<T>.Create((Comparison<T>)code[0]!)
        );

    public static ValueFormatter EqualityComparer<T>(FormatterResolver formatters) =>
        new MadeComparerFormatter<EqualityComparer<T>>(
            System.Collections.Generic.EqualityComparer<T>.Default,
            [(typeof(Func<T?, T?, bool>), formatters), (typeof(Func<T, int>), formatters)],
            code => System.Collections.Generic.EqualityComparer<T>.Create((Func<T?, T?, bool>)code[0]!, (Func<T, int>?)code[1])
        );
}

/// <summary>A comparer that <see cref="ComparerCodec"/> has a number or a culture for.</summary>
internal sealed class TextComparerFormatter<T> : ReferenceFormatter<T>
    where T : class
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        var texts = value as IEqualityComparer<string?>;
        if (
            value is not ReferenceEqualityComparer
            && !StringComparer.IsWellKnownOrdinalComparer(texts, out _)
            && !StringComparer.IsWellKnownCultureAwareComparer(texts, out _, out _)
        )
        {
            throw Surrogates.Refuse(
                value,
                "it is a comparer that is hidden in the framework",
                "Use a StringComparer, or a comparer class of your own"
            );
        }

        ComparerCodec.Write(ref writer, value, session);
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot) =>
        ComparerCodec.Read<T>(ref reader, session) ?? throw new ProtocolException("A comparer is missing.");
}

/// <summary>Nil for the default comparer, else the delegates that <c>Create</c> was given; null for one that it made itself.</summary>
internal sealed class MadeComparerFormatter<T>(T usual, (Type Type, FormatterResolver Formatters)[] code, Func<object?[], T> create)
    : ReferenceFormatter<T>
    where T : class
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        if (value.GetType() == usual.GetType())
        {
            writer.Write(false);
            return;
        }

        if (!session.Limits.WritesDelegates)
        {
            throw Surrogates.Refuse(
                value,
                "a comparer that is made from code is code, and does not come back",
                "Return the data, and compare them here"
            );
        }

        session.Begin(value);
        writer.WriteArrayHeader(code.Length);
        for (var i = 0; i < code.Length; i++)
        {
            var given = Given(value, code[i].Type);
            code[i]
                .Formatters.For(code[i].Type)
                .WriteSlot(ref writer, i > 0 && given.Method.DeclaringType!.Assembly == typeof(T).Assembly ? null : given, session);
        }

        session.Finish();
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        if (reader.NextMessagePackType == MessagePackType.Boolean && !reader.ReadBoolean())
        {
            return usual;
        }

        BytesCodec.ExpectItems(ref reader, code.Length);
        var given = new object?[code.Length];
        for (var i = 0; i < code.Length; i++)
        {
            given[i] = code[i].Formatters.For(code[i].Type).ReadSlot(ref reader, session);
        }

        return create(given);
    }

    // What Create keeps is not public: it is looked for by its type, and a comparer of another make is refused in words.
    private static Delegate Given(object value, Type type) =>
        Array.Find(value.GetType().GetFields(Declared), field => field.FieldType == type)?.GetValue(value) as Delegate
        ?? throw Surrogates.Refuse(
            value,
            "a comparer that is hidden in the framework has no form outside its process",
            "Use a StringComparer, the default comparer, or a comparer class of your own"
        );
}
