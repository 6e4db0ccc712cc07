using System.Buffers;
using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using FalServerless.Serialization.MessagePack;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;

namespace FalServerless.Serialization;

/// <summary>
/// Exceptions to bytes and back:
/// <c>[type name, type | nil, message, own message | nil, stack trace | nil, HResult, help link | nil, [[key, value]…], [[field, value]…], [inner…]]</c>.
/// Writing never fails: what cannot travel of an exception stays behind, its type's name and its message always go.
/// </summary>
internal sealed class FailureConverter(ValueSerializer values, TypeNames types)
{
    private const int Parts = 10;
    private const int MaximumDetails = 256;

    /// <summary>Replaces nothing in the output but appends the whole failure.</summary>
    public void Write(IBufferWriter<byte> output, Exception exception)
    {
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
        var reader = new MessagePackReader(bytes);
        var exception = Read(ref reader);
        return reader.End ? exception : throw new ProtocolException($"A failure is followed by {reader.Remaining} bytes that do not belong to it.");
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
        writer.Write(type.FullName ?? type.Name);
        WriteType(ref writer, type);
        writer.Write(MessageOf(exception));
        writer.Write(ExceptionFields.Message(exception));
        writer.Write(RemoteStack.Trim(Try(() => exception.StackTrace)));
        writer.Write(exception.HResult);
        writer.Write(Try(() => exception.HelpLink));
        WriteDetails(ref writer, DataOf(exception));
        WriteDetails(ref writer, ExceptionFields.OwnFields(type).Select(field => ((object)ExceptionFields.NameOf(field), field.FieldType, field.GetValue(exception))));
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

    private static void WriteType(ref MessagePackWriter writer, Type type)
    {
        // A type without a name that travels (made at run time, say) becomes a RemoteException at the other side.
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
            // It cannot travel, or it is a lazy sequence that fails: the failure itself goes all the same.
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

    private Exception Read(ref MessagePackReader reader)
    {
        reader.EnterNested(FailureTree.MaximumDepth + 3);
        var parts = reader.ReadArrayHeader();
        if (parts != Parts)
        {
            throw new ProtocolException($"A failure has {Parts} parts, not {parts}.");
        }

        var typeName = reader.ReadString() ?? "";
        var type = ReadType(ref reader);
        var message = reader.ReadString() ?? "";
        var ownMessage = reader.ReadString();
        var stackTrace = reader.ReadString();
        var hresult = reader.ReadInt32();
        var helpLink = reader.ReadString();
        var data = ReadDetails(ref reader);
        var fields = ReadDetails(ref reader);
        var inner = ReadInner(ref reader);
        reader.LeaveNested();

        var exception = type is null ? null : ExceptionFactory.TryCreate(type, message, ownMessage, inner);
        if (exception is null)
        {
            exception = new RemoteException(typeName, message, inner.Length > 0 ? inner[0] : null);
        }
        else
        {
            RestoreFields(exception, fields);
        }

        exception.HResult = hresult;
        try
        {
            exception.HelpLink = helpLink;
            RestoreData(exception, data);
        }
        catch (Exception e) when (e is not ProtocolException)
        {
            // The type overrides them with something that cannot be set.
        }

        return stackTrace is null ? exception : ExceptionDispatchInfo.SetRemoteStackTrace(exception, stackTrace);
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

    private void RestoreFields(Exception exception, List<(ReadOnlySequence<byte> Key, ReadOnlySequence<byte> Value)> details)
    {
        if (details.Count == 0)
        {
            return;
        }

        var fields = ExceptionFields.OwnFields(exception.GetType()).ToDictionary(ExceptionFields.NameOf);
        foreach (var (key, value) in details)
        {
            if (TryRead(key, typeof(object)) is string name && fields.TryGetValue(name, out var field) && TryRead(value, field.FieldType) is { } restored)
            {
                field.SetValue(exception, restored);
            }
        }
    }

    private void RestoreData(Exception exception, List<(ReadOnlySequence<byte> Key, ReadOnlySequence<byte> Value)> details)
    {
        foreach (var (key, value) in details)
        {
            if (TryRead(key, typeof(object)) is { } name)
            {
                exception.Data[name] = TryRead(value, typeof(object));
            }
        }
    }

    private object? TryRead(in ReadOnlySequence<byte> bytes, Type type)
    {
        try
        {
            return values.Read(bytes, type);
        }
        catch (ProtocolException)
        {
            // A detail of a type that is not here must not hide the failure itself.
            return null;
        }
    }
}
