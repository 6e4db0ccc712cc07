using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// A class whose objects keep threads apart or have them wait: a new one with the same counts arrives, neither held nor waited for.
/// </summary>
internal sealed class FreshFormatter<T, TState>(ValueFormatter<TState> states, Func<T, TState> take, Func<TState, T> make)
    : ReferenceFormatter<T>,
        IFreshFormatter
    where T : class
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        // Two objects are the same whether or not somebody is inside at the moment.
        if (session.Limits.NamesInstances)
        {
            writer.WriteNil();
            return;
        }

        states.Write(ref writer, Take((T)value), session);
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot) => make(states.Read(ref reader, session));

    private TState Take(T value)
    {
        try
        {
            return take(value);
        }
        catch (ObjectDisposedException)
        {
            throw new NotSendableException(
                value.GetType(),
                "it has been disposed of",
                "Pass one that is still in use, or make it inside the body"
            );
        }
    }
}

/// <summary>A struct of this kind.</summary>
internal sealed class FreshStructFormatter<T, TState>(ValueFormatter<TState> states, Func<T, TState> take, Func<TState, T> make)
    : ValueFormatter<T>,
        IFreshFormatter
    where T : struct
{
    public override void Write(ref MessagePackWriter writer, T value, WriteSession session) =>
        states.Write(ref writer, take(value), session);

    public override T Read(ref MessagePackReader reader, ReadSession session) => make(states.Read(ref reader, session));
}
