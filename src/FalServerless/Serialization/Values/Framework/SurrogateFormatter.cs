using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// A class of the framework as the parts that its public constructor takes: its fields are its own business. None of the parts can refer to
/// it.
/// </summary>
internal sealed class SurrogateFormatter<T, TParts>(ValueFormatter<TParts> parts, Func<T, TParts> take, Func<TParts, T> make)
    : ReferenceFormatter<T>
    where T : class
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        session.Begin(value);
        parts.Write(ref writer, take((T)value), session);
        session.Finish();
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot) => make(parts.Read(ref reader, session));
}

/// <summary>A struct of the framework as the parts that its public constructor takes.</summary>
internal sealed class SurrogateStructFormatter<T, TParts>(ValueFormatter<TParts> parts, Func<T, TParts> take, Func<TParts, T> make)
    : ValueFormatter<T>
    where T : struct
{
    public override void Write(ref MessagePackWriter writer, T value, WriteSession session) =>
        parts.Write(ref writer, take(value), session);

    public override T Read(ref MessagePackReader reader, ReadSession session) => make(parts.Read(ref reader, session));
}

/// <summary>
/// Makes formatters from a pair of functions. What the constructors throw over forged parts becomes a <see cref="ProtocolException"/> at
/// the message's root.
/// </summary>
internal static class Surrogates
{
    public static ValueFormatter Class<T, TParts>(FormatterResolver formatters, Func<T, TParts> take, Func<TParts, T> make)
        where T : class => new SurrogateFormatter<T, TParts>(formatters.For<TParts>(), take, make);

    public static ValueFormatter Struct<T, TParts>(FormatterResolver formatters, Func<T, TParts> take, Func<TParts, T> make)
        where T : struct => new SurrogateStructFormatter<T, TParts>(formatters.For<TParts>(), take, make);

    /// <summary>For an object that its writer must look at before it says that it can be sent.</summary>
    public static NotSendableException Refuse(object value, string reason, string suggestion) => new(value.GetType(), reason, suggestion);
}
