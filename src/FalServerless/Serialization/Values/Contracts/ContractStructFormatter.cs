using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>A struct of a user's that has a serialization contract of its own.</summary>
internal sealed class ContractStructFormatter<T>(SerializationContract contract) : ValueFormatter<T>
    where T : struct
{
    public override void Write(ref MessagePackWriter writer, T value, WriteSession session) => contract.Write(ref writer, value, session);

    public override T Read(ref MessagePackReader reader, ReadSession session) =>
        contract.Read(ref reader, default(T), session) is T value
            ? value
            : throw new ProtocolException($"What represents a '{typeof(T)}' is a value of another type.");
}
