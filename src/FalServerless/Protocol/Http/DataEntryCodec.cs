using FalServerless.Wire;

namespace FalServerless.Protocol.Http;

/// <summary>An entry of a listing: <c>[kind, path, mode, size, modified, target | nil]</c>. A listing is one after the other.</summary>
internal static class DataEntryCodec
{
    private const int Parts = 6;

    public static void Write(ref MessagePackWriter writer, DataEntry entry)
    {
        writer.WriteArrayHeader(Parts);
        writer.Write((int)entry.Kind);
        writer.Write(entry.Path);
        writer.Write((int)entry.Mode);
        writer.Write(entry.Size);
        writer.Write(entry.LastModified.UtcDateTime);
        writer.Write(entry.LinkTarget);
    }

    /// <exception cref="ProtocolException">The bytes are no entry.</exception>
    public static DataEntry Read(ref MessagePackReader reader)
    {
        MessageParts.CheckCount(reader.ReadArrayHeader(), Parts, "An entry of a listing");
        var kind = (DataEntryKind)reader.ReadInt32();
        var path = reader.ReadString() ?? "";
        if (
            !Enum.IsDefined(kind)
            || !path.StartsWith(DataPath.Root + '/', StringComparison.Ordinal)
            || DataPath.EntryError(path[(DataPath.Root.Length + 1)..]) is not null
        )
        {
            throw new ProtocolException($"A listing has the entry '{DataPath.Printable(path)}' of kind {(int)kind}, which cannot be.");
        }

        return new()
        {
            Kind = kind,
            Path = path,
            Mode = (UnixFileMode)reader.ReadInt32(),
            Size = reader.ReadInt64(),
            LastModified = reader.ReadDateTime(),
            LinkTarget = reader.ReadString(),
        };
    }
}
