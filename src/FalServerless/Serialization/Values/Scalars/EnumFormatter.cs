using System.Numerics;
using System.Runtime.CompilerServices;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>An enum as its number. Numbers without a name are sent too, as they may be flags.</summary>
internal sealed class EnumFormatter<T, TNumber>(ValueFormatter<TNumber> numbers) : ValueFormatter<T>
    where T : struct, Enum
    where TNumber : struct, IBinaryInteger<TNumber>
{
    public override void Write(ref MessagePackWriter writer, T value, WriteSession session) =>
        numbers.Write(ref writer, Unsafe.BitCast<T, TNumber>(value), session);

    public override T Read(ref MessagePackReader reader, ReadSession session) =>
        Unsafe.BitCast<TNumber, T>(numbers.Read(ref reader, session));
}
