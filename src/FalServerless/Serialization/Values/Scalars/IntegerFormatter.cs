using System.Numerics;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>Integers of up to 64 bits, in the shortest form.</summary>
internal sealed class IntegerFormatter<T> : ValueFormatter<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    public override void Write(ref MessagePackWriter writer, T value, WriteSession session)
    {
        if (T.IsNegative(value))
        {
            writer.Write(long.CreateTruncating(value));
        }
        else
        {
            writer.Write(ulong.CreateTruncating(value));
        }
    }

    public override T Read(ref MessagePackReader reader, ReadSession session) => reader.ReadInteger<T>();
}
