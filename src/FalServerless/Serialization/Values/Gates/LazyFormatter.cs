using System.Reflection;
using System.Runtime.CompilerServices;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// A value that is made at the first use: <c>[0, value]</c> where it has been made; else <c>[1, mode, factory]</c>, or <c>[2, mode]</c> for
/// one that the constructor of its type makes. The code that makes a value is sent to a worker only.
/// </summary>
internal sealed class LazyFormatter<T>(FormatterResolver formatters) : ReferenceFormatter<Lazy<T>>
{
    private const int Made = 0;
    private const int ByFactory = 1;
    private const int ByConstructor = 2;

    private static readonly FieldInfo? State = typeof(Lazy<T>).GetField("_state", BindingFlags.Instance | BindingFlags.NonPublic);

    // Both are made at the first use, since a class may hold a lazy value of itself.
    private ValueFormatter<T>? _values;
    private ValueFormatter<Func<T>?>? _factories;

    private ValueFormatter<T> Values => _values ??= formatters.For<T>();

    private ValueFormatter<Func<T>?> Factories => _factories ??= formatters.For<Func<T>?>();

    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        var lazy = (Lazy<T>)value;

        // In this order: once the value is there, the others are not.
        var (state, mode, factory) = (State?.GetValue(lazy), Fields.Mode(lazy), Fields.Factory(lazy));
        if (lazy.IsValueCreated)
        {
            writer.WriteArrayHeader(2);
            writer.Write(Made);
            WriteValue(ref writer, lazy.Value, session);
            return;
        }

        if (Fields.IsValueFaulted(lazy))
        {
            throw new NotSendableException(
                value.GetType(),
                "its value could not be made: its factory failed",
                "Pass a new one, or make it inside the body"
            );
        }

        if (!session.Limits.WritesDelegates)
        {
            throw new NotSendableException(
                value.GetType(),
                "its value has not been made, and the code that makes it does not come back",
                "Read its Value first"
            );
        }

        if (factory is not null)
        {
            writer.WriteArrayHeader(3);
            writer.Write(ByFactory);
            writer.Write((int)mode!.Value);
            WriteFactory(ref writer, lazy, factory, session);
        }
        else if (IsByConstructor(state))
        {
            writer.WriteArrayHeader(2);
            writer.Write(ByConstructor);
            writer.Write((int)mode!.Value);
        }
        else
        {
            throw new NotSendableException(value.GetType(), "its value is being made at the moment", "Read its Value first");
        }
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        var count = reader.ReadArrayHeader();
        var kind = reader.ReadInt32();
        if (kind is < Made or > ByConstructor || count != (kind == ByFactory ? 3 : 2))
        {
            throw new ProtocolException($"A lazy value of the kind {kind} has {count} parts.");
        }

        if (kind != Made && !session.Limits.ReadsDelegates)
        {
            throw new ProtocolException($"The message holds a '{typeof(T)}' that code is to make, where only data are taken.");
        }

        var mode = kind == Made ? LazyThreadSafetyMode.None : (LazyThreadSafetyMode)reader.ReadInt32();
        if (kind == ByConstructor)
        {
            return new Lazy<T>(mode);
        }

        // What it holds may refer to it: it must be there first.
        var lazy = new Lazy<T>(
            () => throw new ProtocolException("A lazy value was asked for while its message was still being read."),
            mode
        );
        session.Set(slot, lazy);
        if (kind == ByFactory)
        {
            Fields.Factory(lazy) =
                Factories.Read(ref reader, session) ?? throw new ProtocolException("The factory of a lazy value is missing.");
            return lazy;
        }

        var value = Values.Read(ref reader, session);
        Fields.Factory(lazy) = () => value;
        _ = lazy.Value;
        return lazy;
    }

    private static bool IsByConstructor(object? state) =>
        state
            ?.GetType()
            .GetProperty("State", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
            ?.GetValue(state)
            ?.ToString()
            ?.EndsWith("ViaConstructor", StringComparison.Ordinal) == true;

    private void WriteValue(ref MessagePackWriter writer, T value, WriteSession session)
    {
        try
        {
            Values.Write(ref writer, value, session);
        }
        catch (NotSendableException e) when (e.Within(nameof(Lazy<>.Value)))
        {
            throw;
        }
    }

    private void WriteFactory(ref MessagePackWriter writer, Lazy<T> lazy, Func<T> factory, WriteSession session)
    {
        try
        {
            Factories.Write(ref writer, factory, session);
        }
        catch (NotSendableException e) when (!session.IsTooDeep)
        {
            var what = e.Path.Length == 0 ? "its factory" : $"'{e.Path}' of its factory";
            throw new NotSendableException(
                lazy.GetType(),
                $"its value has not been made, and {what} cannot be sent to a worker: {e.Reason}",
                $"Read its Value first. Or: {e.Suggestion}"
            );
        }
    }

    private static class Fields
    {
        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_factory")]
        public static extern ref Func<T>? Factory(Lazy<T> lazy);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Mode")]
        public static extern LazyThreadSafetyMode? Mode(Lazy<T> lazy);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_IsValueFaulted")]
        public static extern bool IsValueFaulted(Lazy<T> lazy);
    }
}

/// <summary>Lazy values, by the name of the type.</summary>
internal static class LazyFormatters
{
    public static ValueFormatter Lazy<T>(FormatterResolver formatters) => new LazyFormatter<T>(formatters);
}
