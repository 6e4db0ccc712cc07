using System.Buffers;
using FalServerless.Wire;

namespace FalServerless.Protocol.Http;

/// <summary>
/// <c>[version, folder, mirror, [entry…]]</c>; an entry is <c>[0, path, mode, size, modified, content]</c> for a file, <c>[1, path,
/// mode]</c> for a folder, or <c>[2, path, target]</c> for a link. What is read names nothing outside its folder, names nothing twice, and
/// puts nothing below a file or a link.
/// </summary>
internal static class DataManifestCodec
{
    private const int Parts = 4;
    private const int FileParts = 6;
    private const int DirectoryParts = 3;
    private const int LinkParts = 3;
    private const int AllModes = 0b111_111_111;

    // An entry is no smaller: so many cannot be claimed by fewer bytes.
    private const int SmallestEntry = 4;

    public static void Write(IBufferWriter<byte> output, DataManifest manifest)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(Parts);
        writer.Write(ProtocolVersion.Current);
        writer.Write(manifest.Directory);
        writer.Write(manifest.Mirror);
        writer.WriteArrayHeader(manifest.Entries.Count);
        foreach (var entry in manifest.Entries)
        {
            WriteEntry(ref writer, entry);
        }

        writer.Flush();
    }

    /// <exception cref="ProtocolException">The bytes are no manifest, or name something that no folder may have.</exception>
    public static DataManifest Read(in ReadOnlySequence<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        var parts = reader.ReadArrayHeader();
        ProtocolVersion.Check(parts > 0 ? reader.ReadInt32() : 0, "The client");
        MessageParts.CheckCount(parts, Parts, "A folder's manifest");
        var directory = reader.ReadString() ?? "";
        if (DataPath.Normalize(directory, allowsRoot: false, out var error) != directory)
        {
            throw new ProtocolException(error ?? $"The folder '{DataPath.Printable(directory)}' is not in its shortest form.");
        }

        var mirror = reader.ReadBoolean();
        var count = reader.ReadArrayHeader();
        if (count > ProtocolLimits.MaximumDataEntries || count > reader.Remaining / SmallestEntry)
        {
            throw new ProtocolException(
                $"A folder's manifest claims {count} entries; at most {ProtocolLimits.MaximumDataEntries} are taken."
            );
        }

        var entries = new List<ManifestEntry>(count);
        var kinds = new Dictionary<string, DataEntryKind>(count, StringComparer.Ordinal);
        for (var left = count; left > 0; left--)
        {
            var entry = ReadEntry(ref reader);
            Place(kinds, entry);
            entries.Add(entry);
        }

        MessageParts.CheckEnd(reader, "A folder's manifest");
        return new()
        {
            Directory = directory,
            Mirror = mirror,
            Entries = entries,
        };
    }

    private static void WriteEntry(ref MessagePackWriter writer, ManifestEntry entry)
    {
        writer.WriteArrayHeader(
            entry.Kind switch
            {
                DataEntryKind.File => FileParts,
                DataEntryKind.Directory => DirectoryParts,
                _ => LinkParts,
            }
        );
        writer.Write((int)entry.Kind);
        writer.Write(entry.Path);
        if (entry.Kind == DataEntryKind.Link)
        {
            writer.Write(entry.Target);
            return;
        }

        writer.Write((int)entry.Mode);
        if (entry.Kind == DataEntryKind.File)
        {
            writer.Write(entry.Size);
            writer.Write(entry.Modified);
            MessageParts.WriteHash(ref writer, entry.Content);
        }
    }

    private static ManifestEntry ReadEntry(ref MessagePackReader reader)
    {
        var parts = reader.ReadArrayHeader();
        var kind = (DataEntryKind)(parts > 0 ? reader.ReadInt32() : -1);
        MessageParts.CheckCount(
            parts,
            kind switch
            {
                DataEntryKind.File => FileParts,
                DataEntryKind.Directory => DirectoryParts,
                _ => LinkParts,
            },
            "An entry of a folder"
        );
        var path = reader.ReadString() ?? "";
        if (DataPath.EntryError(path) is { } error)
        {
            throw new ProtocolException($"A folder has no entry '{DataPath.Printable(path)}': {error}");
        }

        return kind switch
        {
            DataEntryKind.File => new()
            {
                Kind = kind,
                Path = path,
                Mode = ReadMode(ref reader),
                Size = ReadSize(ref reader),
                Modified = reader.ReadDateTime(),
                Content = MessageParts.ReadHash(ref reader),
            },
            DataEntryKind.Directory => new()
            {
                Kind = kind,
                Path = path,
                Mode = ReadMode(ref reader),
            },
            DataEntryKind.Link => new()
            {
                Kind = kind,
                Path = path,
                Target = ReadTarget(ref reader, path),
            },
            _ => throw new ProtocolException($"The entry '{DataPath.Printable(path)}' is of kind {(int)kind}, which does not exist."),
        };
    }

    private static UnixFileMode ReadMode(ref MessagePackReader reader) =>
        reader.ReadInt32() is >= 0 and <= AllModes and var mode
            ? (UnixFileMode)mode
            : throw new ProtocolException("An entry's mode has more than read, write and execute.");

    private static long ReadSize(ref MessagePackReader reader) =>
        reader.ReadInt64() is >= 0 and var size ? size : throw new ProtocolException("A file's size is negative.");

    private static string ReadTarget(ref MessagePackReader reader, string path)
    {
        var target = reader.ReadString() ?? "";
        return DataPath.TargetError(path, target) is { } error
            ? throw new ProtocolException($"The link '{DataPath.Printable(path)}' to '{DataPath.Printable(target)}' is not taken: {error}")
            : target;
    }

    private static void Place(Dictionary<string, DataEntryKind> kinds, ManifestEntry entry)
    {
        if (
            entry.Path.LastIndexOf('/') is > 0 and var end
            && !(kinds.TryGetValue(entry.Path[..end], out var parent) && parent == DataEntryKind.Directory)
        )
        {
            throw new ProtocolException(
                $"The entry '{DataPath.Printable(entry.Path)}' precedes its folder, or is in something that is none."
            );
        }

        if (!kinds.TryAdd(entry.Path, entry.Kind))
        {
            throw new ProtocolException($"The entry '{DataPath.Printable(entry.Path)}' is in the manifest twice.");
        }
    }
}
