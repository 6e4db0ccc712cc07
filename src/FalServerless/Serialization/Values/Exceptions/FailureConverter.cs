using System.Buffers;
using System.Collections;
using System.Runtime.ExceptionServices;
using FalServerless.Serialization.Types;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// Exceptions to bytes and back:
/// <c>[type name, type | nil, message, own message | nil, stack trace | nil, HResult, help link | nil, [[key, value]…], [[field, value]…],
/// [inner…]]</c>. Writing never fails: what cannot be sent of an exception stays behind, its type's name and its message always go.
/// </summary>
internal sealed class FailureConverter(ValueSerializer values, TypeNames types)
{
    private const int Parts = 10;
    private const int MaximumDetails = 256;

    /// <summary>Replaces nothing in the output but appends the whole failure.</summary>
    public void Write(IBufferWriter<byte> output, Exception exception)
    {
        using var open = OpenExceptions.Enter(exception);
        var writer = new MessagePackWriter(output);
        Write(ref writer, FailureTree.Of(exception));
        writer.Flush();
    }

    /// <summary>
    /// The exception that was thrown, with the remote stack trace in front of what throwing it here adds;
    /// a <see cref="RemoteException"/> where this side does not have its type.
    /// </summary>
    /// <exception cref="ProtocolException">The bytes are not a failure.</exception>
    public Exception Read(in ReadOnlySequence<byte> bytes)
    {
        using var open = OpenExceptions.Enter(null);
        var reader = new MessagePackReader(bytes);
        var exception = Read(ref reader);
        return reader.End
            ? exception
            : throw new ProtocolException($"A failure is followed by {reader.Remaining} bytes that do not belong to it.");
    }

    private void Write(ref MessagePackWriter writer, FailureTree failure)
    {
        if (failure.Exception is not { } exception)
        {
            WriteOmission(ref writer, failure);
            return;
        }

        var type = exception.GetType();
        writer.WriteArrayHeader(Parts);
        var inner = failure.Inner.Select(one => one.Exception).ToArray();
        WriteText(ref writer, type.FullName ?? type.Name);
        WriteType(ref writer, type);
        WriteText(ref writer, MessageOf(exception));
        WriteText(ref writer, ExceptionFields.Message(exception));
        WriteText(ref writer, RemoteStack.Trim(Try(() => exception.StackTrace)));
        writer.Write(exception.HResult);
        WriteText(ref writer, Try(() => exception.HelpLink));
        WriteDetails(ref writer, DataOf(exception));
        WriteDetails(ref writer, FieldsOf(exception, type, inner));
        WriteInner(ref writer, failure);
    }

    private void WriteInner(ref MessagePackWriter writer, FailureTree failure)
    {
        writer.WriteArrayHeader(failure.Inner.Count);
        foreach (var inner in failure.Inner)
        {
            Write(ref writer, inner);
        }
    }

    // It has no type anywhere, and so becomes a RemoteException with the words.
    private void WriteOmission(ref MessagePackWriter writer, FailureTree omission)
    {
        writer.WriteArrayHeader(Parts);
        writer.Write(FailureTree.OmissionName);
        writer.WriteNil();
        writer.Write(omission.Message);
        writer.WriteNil();
        writer.WriteNil();
        writer.Write(0);
        writer.WriteNil();
        writer.WriteArrayHeader(0);
        writer.WriteArrayHeader(0);
        WriteInner(ref writer, omission);
    }

    private static void WriteText(ref MessagePackWriter writer, string? text)
    {
        if (text is null)
        {
            writer.WriteNil();
        }
        else
        {
            StringCodec.Write(ref writer, text);
        }
    }

    private static string? ReadText(ref MessagePackReader reader) => reader.TryReadNil() ? null : StringCodec.Read(ref reader);

    private static void WriteType(ref MessagePackWriter writer, Type type)
    {
        // A type without a name that is sent (made at run time, say) becomes a RemoteException at the other side.
        var part = new ArrayBufferWriter<byte>();
        try
        {
            var partWriter = new MessagePackWriter(part);
            new TypeWriter().Write(ref partWriter, type);
            partWriter.Flush();
            writer.WriteRaw(part.WrittenSpan);
        }
        catch (ArgumentException)
        {
            writer.WriteNil();
        }
    }

    private void WriteDetails(ref MessagePackWriter writer, IEnumerable<(object Key, Type Type, object? Value)> details)
    {
        var written = new List<(byte[] Key, byte[] Value)>();
        foreach (var (key, type, value) in details.Take(MaximumDetails))
        {
            if (TryWrite(typeof(object), key) is { } keyBytes && TryWrite(type, value) is { } valueBytes)
            {
                written.Add((keyBytes, valueBytes));
            }
        }

        writer.WriteArrayHeader(written.Count);
        foreach (var (key, value) in written)
        {
            writer.WriteArrayHeader(2);
            writer.Write(key);
            writer.Write(value);
        }
    }

    private byte[]? TryWrite(Type type, object? value)
    {
        var output = new ArrayBufferWriter<byte>();
        try
        {
            values.Write(output, type, value);
            return output.WrittenSpan.ToArray();
        }
        catch (Exception)
        {
            // It cannot be sent, or it is a lazy sequence that fails: the failure itself is sent all the same.
            return null;
        }
    }

    private static string MessageOf(Exception exception)
    {
        try
        {
            return exception.Message;
        }
        catch (Exception e)
        {
            return $"(The message cannot be read: its getter threw {e.GetType()}.)";
        }
    }

    // These members are virtual: an override may do anything.
    private static string? Try(Func<string?> member)
    {
        try
        {
            return member();
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static IEnumerable<(object, Type, object?)> DataOf(Exception exception)
    {
        try
        {
            return [.. exception.Data.Cast<DictionaryEntry>().Select(entry => (entry.Key, typeof(object), entry.Value))];
        }
        catch (Exception)
        {
            // Data is virtual: an override may do anything.
            return [];
        }
    }

    private static IEnumerable<(object, Type, object?)> FieldsOf(Exception exception, Type type, IReadOnlyList<Exception?> inner)
    {
        yield return (ExceptionFields.SourceName, typeof(string), Try(() => exception.Source));
        foreach (var field in ExceptionFields.OwnFields(type))
        {
            var value = field.GetValue(exception);
            var place = value is Exception ? inner.TakeWhile(one => !ReferenceEquals(one, value)).Count() : inner.Count;
            yield return place < inner.Count
                ? (ExceptionFields.InnerMark + ExceptionFields.NameOf(field), typeof(int), place)
                : (ExceptionFields.NameOf(field), field.FieldType, value);
        }
    }

    private Exception Read(ref MessagePackReader reader)
    {
        reader.EnterNested(FailureTree.MaximumDepth + 3);
        var parts = reader.ReadArrayHeader();
        if (parts != Parts)
        {
            throw new ProtocolException($"A failure has {Parts} parts, not {parts}.");
        }

        var typeName = ReadText(ref reader) ?? "";
        var type = ReadType(ref reader);
        var message = ReadText(ref reader) ?? "";
        var ownMessage = ReadText(ref reader);
        var stackTrace = ReadText(ref reader);
        var hresult = reader.ReadInt32();
        var helpLink = ReadText(ref reader);
        var data = ReadDetails(ref reader);
        var fields = ReadDetails(ref reader);
        var inner = ReadInner(ref reader);
        reader.LeaveNested();

        var exception = type is null ? null : ExceptionFactory.TryCreate(type, message, ownMessage, inner);
        if (exception is not null)
        {
            RestoreFields(exception, fields, inner);
            Complete(exception);
        }

        // What it lacks here may be what its own code needs to say what it is.
        if (exception is null || !ExceptionPrinting.CanPrint(exception))
        {
            exception = new RemoteException(message, typeName, inner.Length > 0 ? inner[0] : null);
            Complete(exception);
        }

        return exception;

        void Complete(Exception made)
        {
            made.HResult = hresult;
            try
            {
                made.HelpLink = helpLink;
                RestoreData(made, data);
            }
            catch (Exception e) when (e is not ProtocolException)
            {
                // The type overrides them with something that cannot be set.
            }

            if (stackTrace is not null)
            {
                ExceptionDispatchInfo.SetRemoteStackTrace(made, stackTrace);
            }
        }
    }

    private Type? ReadType(ref MessagePackReader reader)
    {
        var part = new MessagePackReader(reader.ReadRaw());
        try
        {
            var type = part.TryReadNil() ? null : new TypeReader(types).Read(ref part);
            return type is { IsAbstract: false, ContainsGenericParameters: false } && type.IsAssignableTo(typeof(Exception)) ? type : null;
        }
        catch (ProtocolException)
        {
            // Not here: the caller gets its name instead.
            return null;
        }
    }

    private static List<(ReadOnlySequence<byte> Key, ReadOnlySequence<byte> Value)> ReadDetails(ref MessagePackReader reader)
    {
        var details = new List<(ReadOnlySequence<byte>, ReadOnlySequence<byte>)>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            if (reader.ReadArrayHeader() != 2)
            {
                throw new ProtocolException("A detail of a failure is a key and a value.");
            }

            details.Add((reader.ReadBytes() ?? default, reader.ReadBytes() ?? default));
        }

        return details;
    }

    private Exception[] ReadInner(ref MessagePackReader reader)
    {
        var count = reader.ReadArrayHeader();
        if (count > FailureTree.MaximumExceptions)
        {
            throw new ProtocolException($"A failure holds {count} inner ones; the limit is {FailureTree.MaximumExceptions}.");
        }

        var inner = new Exception[count];
        for (var i = 0; i < count; i++)
        {
            inner[i] = Read(ref reader);
        }

        return inner;
    }

    private void RestoreFields(
        Exception exception,
        List<(ReadOnlySequence<byte> Key, ReadOnlySequence<byte> Value)> details,
        Exception[] inner
    )
    {
        var fields = ExceptionFields.ByName(exception.GetType());
        foreach (var (key, value) in details)
        {
            if (!TryRead(key, typeof(object), out var read) || read is not string name)
            {
                continue;
            }

            if (name == ExceptionFields.SourceName)
            {
                if (TryRead(value, typeof(string), out var source))
                {
                    ExceptionFields.Source(exception) = (string?)source;
                }
            }
            else if (name.StartsWith(ExceptionFields.InnerMark))
            {
                if (
                    fields.TryGetValue(name[1..], out var field)
                    && TryRead(value, typeof(int), out var place)
                    && (int)place! >= 0
                    && (int)place < inner.Length
                    && field.FieldType.IsInstanceOfType(inner[(int)place])
                )
                {
                    field.SetValue(exception, inner[(int)place]);
                }
            }
            else if (fields.TryGetValue(name, out var field) && TryRead(value, field.FieldType, out var restored))
            {
                field.SetValue(exception, restored);
            }
        }
    }

    private void RestoreData(Exception exception, List<(ReadOnlySequence<byte> Key, ReadOnlySequence<byte> Value)> details)
    {
        foreach (var (key, value) in details)
        {
            if (TryRead(key, typeof(object), out var name) && name is not null)
            {
                exception.Data[name] = TryRead(value, typeof(object), out var restored) ? restored : null;
            }
        }
    }

    private bool TryRead(in ReadOnlySequence<byte> bytes, Type type, out object? value)
    {
        try
        {
            value = values.Read(bytes, type);
            return true;
        }
        catch (ProtocolException)
        {
            // A detail of a type that is not here must not hide the failure itself.
            value = null;
            return false;
        }
    }
}
