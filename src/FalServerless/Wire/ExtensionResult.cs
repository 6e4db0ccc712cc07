using System.Buffers;

namespace FalServerless.Wire;

/// <summary>An extension that was read whole.</summary>
internal readonly record struct ExtensionResult(sbyte TypeCode, ReadOnlySequence<byte> Data)
{
    public ExtensionHeader Header => new(TypeCode, checked((uint)Data.Length));
}
