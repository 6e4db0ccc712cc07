using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Types;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// Values to MessagePack and back, for any graph of objects and without running their code. A slot's declared type comes first: a type name
/// is written only where the value is of another one. Safe for several threads; keep one, it caches a formatter per type.
/// </summary>
internal sealed class ValueSerializer(TypeNames names, ValueLimits? limits = null, FormatterResolver? formatters = null)
{
    private readonly FormatterResolver _formatters = formatters ?? new();
    private readonly ValueLimits _limits = limits ?? ValueLimits.Default;
    private readonly ValueLimits _deepLimits = Deep(limits ?? ValueLimits.Default);

    /// <summary>Refuses a declared type of which no value could ever be sent.</summary>
    /// <param name="declared">The type.</param>
    /// <param name="isResult">Whether it is sent back from a worker, as code does not.</param>
    /// <exception cref="NotSendableException">It says why, and what to do instead.</exception>
    public static void EnsureCanBeSent(Type declared, bool isResult = false) => DeclaredTypes.EnsureCanBeSent(declared, isResult);

    /// <summary>Writes one value.</summary>
    /// <exception cref="NotSendableException">Something in it cannot leave this process; part of the message may be in the
    /// output.</exception>
    public void Write(IBufferWriter<byte> output, Type declared, object? value) =>
        WriteMessage(output, [declared], [value], isArray: false, ClosureFieldUsage.All);

    /// <summary>Writes several values as one array; an object that is in two of them is one object again on the other side.</summary>
    /// <param name="output">Receives the message.</param>
    /// <param name="declared">The types of the slots.</param>
    /// <param name="values">What they hold.</param>
    /// <param name="use">The code that the values are for: closures are sent with the fields that it uses; all of them if it is not
    /// given.</param>
    /// <param name="partial">An object of which that code uses some fields only; null for none.</param>
    /// <exception cref="NotSendableException">Its index says which value, its path where in it.</exception>
    public void WriteAll(
        IBufferWriter<byte> output,
        ReadOnlySpan<Type> declared,
        ReadOnlySpan<object?> values,
        ClosureFieldUsage? use = null,
        PartialObject? partial = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, declared.Length);
        use ??= ClosureFieldUsage.All;
        if (use == ClosureFieldUsage.All)
        {
            WriteMessage(output, declared, values, isArray: true, use);
            return;
        }

        // A delegate that is found on the way brings code of its own, which may use more of a closure that is written already: then all is
        // written again. Each time at least one field more is known, so this ends. The same applies to an object that turns out to be
        // needed whole.
        var message = output as SegmentedBuffer is { Length: 0 } empty ? empty : new();
        while (WriteMessage(message, declared, values, isArray: true, use, partial) is { } more)
        {
            message.Clear();
            (use, partial) = more;
        }

        if (message != output)
        {
            foreach (var segment in message.Written)
            {
                output.Write(segment.Span);
            }
        }
    }

    /// <summary>Reads one value; the bytes must hold it and nothing else.</summary>
    /// <exception cref="ProtocolException">The bytes are not a value of this type.</exception>
    public object? Read(in ReadOnlySequence<byte> bytes, Type declared) => Read(bytes, declared, _limits);

    private object? Read(ReadOnlySequence<byte> bytes, Type declared, ValueLimits limits)
    {
        var session = ReadSession.Rent(_formatters, names, limits, bytes.Length);
        try
        {
            var reader = new MessagePackReader(bytes);
            var value = _formatters.For(declared).ReadSlot(ref reader, session);
            ExpectEnd(ref reader);
            session.End();
            return value;
        }
        catch (Exception) when (session.IsTooDeep && limits == _limits)
        {
            return DeepStack.Run(() => Read(bytes, declared, _deepLimits));
        }
        catch (Exception e) when (IsCausedByBytes(e))
        {
            throw new ProtocolException($"The message is not a value of type '{declared}': {e.Message}", e);
        }
        finally
        {
            session.Return();
        }
    }

    /// <summary>Reads what <see cref="WriteAll"/> wrote; the counts must agree.</summary>
    /// <exception cref="ProtocolException">The bytes are not values of these types.</exception>
    public object?[] ReadAll(in ReadOnlySequence<byte> bytes, ReadOnlySpan<Type> declared) => ReadAll(bytes, declared, _limits);

    private object?[] ReadAll(in ReadOnlySequence<byte> bytes, ReadOnlySpan<Type> declared, ValueLimits limits)
    {
        var session = ReadSession.Rent(_formatters, names, limits, bytes.Length);
        var i = 0;
        try
        {
            var reader = new MessagePackReader(bytes);
            var count = reader.ReadArrayHeader();
            if (count != declared.Length)
            {
                throw new ProtocolException($"The message holds {count} values where {declared.Length} are expected.");
            }

            var values = count == 0 ? [] : new object?[count];
            for (; i < count; i++)
            {
                values[i] = _formatters.For(declared[i]).ReadSlot(ref reader, session);
            }

            ExpectEnd(ref reader);
            session.End();
            return values;
        }
        catch (Exception) when (session.IsTooDeep && limits == _limits)
        {
            var (message, types) = (bytes, declared.ToArray());
            return DeepStack.Run(() => ReadAll(message, types, _deepLimits));
        }
        catch (Exception e) when (IsCausedByBytes(e))
        {
            throw new ProtocolException($"Value {i} of the message is not of type '{declared[i]}': {e.Message}", e);
        }
        finally
        {
            session.Return();
        }
    }

    // What the message should have been written for; null where nothing is lacking.
    private (ClosureFieldUsage Use, PartialObject? Partial)? WriteMessage(
        IBufferWriter<byte> output,
        ReadOnlySpan<Type> declared,
        ReadOnlySpan<object?> values,
        bool isArray,
        ClosureFieldUsage use,
        PartialObject? partial = null,
        ValueLimits? deepLimits = null,
        Dictionary<object, object>? sequences = null
    )
    {
        var canBeginAgain = deepLimits is null && output is (SegmentedBuffer { Length: 0 } or ArrayBufferWriter<byte> { WrittenCount: 0 });
        var session = WriteSession.Rent(_formatters, names, deepLimits ?? _limits, use, sequences, partial);
        var i = 0;
        try
        {
            var writer = new MessagePackWriter(new CountedOutput(output));
            if (isArray)
            {
                writer.WriteArrayHeader(values.Length);
            }

            for (; i < values.Length; i++)
            {
                _formatters.For(declared[i]).WriteSlot(ref writer, values[i], session);
            }

            writer.Flush();
            return session.Grown is not null || session.NeedsWholeObject
                ? (session.Grown ?? use, session.NeedsWholeObject ? null : partial)
                : null;
        }
        catch (NotSendableException) when (session.IsTooDeep && canBeginAgain)
        {
            Clear(output);
            var (types, all, run) = (declared.ToArray(), values.ToArray(), session.Sequences);
            return DeepStack.Run(() => WriteMessage(output, types, all, isArray, use, partial, _deepLimits, run));
        }
        catch (NotSendableException e) when (i > 0)
        {
            throw e.At(i);
        }
        finally
        {
            session.Return();
        }
    }

    private static ValueLimits Deep(ValueLimits limits) =>
        limits with
        {
            MaximumDepth = Math.Max(limits.MaximumDepth, limits.DeepestDepth),
        };

    private static void Clear(IBufferWriter<byte> output)
    {
        if (output is SegmentedBuffer segments)
        {
            segments.Clear();
        }
        else
        {
            ((ArrayBufferWriter<byte>)output).ResetWrittenCount();
        }
    }

    // Keys hash and compare themselves while a collection is rebuilt: over forged contents such code may throw anything.
    private static bool IsCausedByBytes(Exception e) => e is not (ProtocolException or OutOfMemoryException);

    private static void ExpectEnd(ref MessagePackReader reader)
    {
        if (!reader.End)
        {
            throw new ProtocolException($"The message has {reader.Remaining} bytes more after its last value.");
        }
    }
}
