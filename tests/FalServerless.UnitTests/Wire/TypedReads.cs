using FalServerless.Tests.Shared.Wire;

namespace FalServerless.UnitTests.Wire;

/// <summary>Every read of one value, with the families of formats that it takes.</summary>
internal static class TypedReads
{
    private static readonly MessagePackType[] Integer = [MessagePackType.Integer];

    public static readonly (MessagePackType[] Family, Messages.Reading<object?> Read)[] All =
    [
        (Integer, (ref reader) => reader.ReadByte()),
        (Integer, (ref reader) => reader.ReadUInt16()),
        (Integer, (ref reader) => reader.ReadUInt32()),
        (Integer, (ref reader) => reader.ReadUInt64()),
        (Integer, (ref reader) => reader.ReadSByte()),
        (Integer, (ref reader) => reader.ReadInt16()),
        (Integer, (ref reader) => reader.ReadInt32()),
        (Integer, (ref reader) => reader.ReadInt64()),
        (Integer, (ref reader) => reader.ReadChar()),
        ([MessagePackType.Boolean], (ref reader) => reader.ReadBoolean()),
        ([MessagePackType.Float], (ref reader) => reader.ReadSingle()),
        ([MessagePackType.Float], (ref reader) => reader.ReadDouble()),
        ([MessagePackType.String, MessagePackType.Nil], (ref reader) => reader.ReadString()),
        ([MessagePackType.Binary, MessagePackType.Nil], (ref reader) => reader.ReadBytes()),
        ([MessagePackType.Binary], (ref reader) => reader.ReadBinHeader()),
        ([MessagePackType.Array], (ref reader) => reader.ReadArrayHeader()),
        ([MessagePackType.Map], (ref reader) => reader.ReadMapHeader()),
        ([MessagePackType.Extension], (ref reader) => reader.ReadExtensionFormatHeader()),
        ([MessagePackType.Extension], (ref reader) => reader.ReadExtensionFormat()),
        (
            [MessagePackType.Nil],
            (ref reader) =>
            {
                reader.ReadNil();
                return null;
            }
        ),
    ];
}
