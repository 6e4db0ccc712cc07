using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>A slot whose type cannot be sent: it may hold null, nothing else.</summary>
internal sealed class RefusedFormatter<T>(SendRefusal refusal) : ValueFormatter<T>, IRefusedFormatter
{
    public SendRefusal Refusal => refusal;

    public override bool CanBeNamed => false;

    public override void Write(ref MessagePackWriter writer, T value, WriteSession session)
    {
        if (value is not null)
        {
            throw refusal.For(value.GetType());
        }

        writer.WriteNil();
    }

    public override T Read(ref MessagePackReader reader, ReadSession session) =>
        default(T) is null && reader.TryReadNil()
            ? default!
            : throw new ProtocolException($"The message holds a value of type '{typeof(T)}', which cannot be sent.");
}
