using System.Buffers;

namespace FalServerless.Serialization.MessagePack;

/// <summary>An extension that was read whole.</summary>
internal readonly record struct ExtensionResult(sbyte TypeCode, ReadOnlySequence<byte> Data)
{
    public ExtensionHeader Header => new(TypeCode, checked((uint)Data.Length));
}
