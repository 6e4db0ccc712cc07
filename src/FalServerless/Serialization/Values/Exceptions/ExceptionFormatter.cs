using System.Buffers;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// An exception within data: the bytes of a failure, which name the type themselves. The other side may lack that type.
/// </summary>
internal sealed class ExceptionFormatter<T>(FormatterResolver formatters) : ReferenceFormatter<T>
    where T : Exception
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        var exception = (Exception)value;
        var output = new ArrayBufferWriter<byte>();
        new FailureConverter(new(session.Names, session.Limits, formatters), session.Names).Write(output, exception);
        writer.Write(output.WrittenSpan);
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        var bytes = reader.ReadBytes() ?? throw new ProtocolException($"A value of type '{typeof(T)}' is missing.");
        var exception = new FailureConverter(new(session.Names, session.Limits, formatters), session.Names).Read(bytes);
        return exception as T
            ?? throw new ProtocolException(
                $"An exception of type '{exception.GetType()}' is in a slot of type '{typeof(T)}': {exception.Message}"
            );
    }
}
