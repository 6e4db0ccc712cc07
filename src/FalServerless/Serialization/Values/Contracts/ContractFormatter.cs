using System.Runtime.CompilerServices;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>An object of a user's class that has a serialization contract of its own.</summary>
internal sealed class ContractFormatter<T>(SerializationContract contract) : ReferenceFormatter<T>
    where T : class
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session) =>
        contract.Write(ref writer, value, session);

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        var value = RuntimeHelpers.GetUninitializedObject(typeof(T));
        if (!contract.IsReplaced)
        {
            session.Set(slot, value);
        }

        return contract.Read(ref reader, value, session);
    }
}
