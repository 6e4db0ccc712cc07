using System.Buffers;
using System.Text;
using FalServerless.Protocol;
using FalServerless.Wire;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>
/// Remembers what uploads put into one folder: a file for each, <c>[version, folder, [[path, size, modified, inode, content]…]]</c>. It
/// only saves work; one that is damaged, or of another time, counts as empty.
/// </summary>
internal sealed class FolderIndex(string directory)
{
    private const int Version = 1;
    private const int Parts = 3;
    private const int FileParts = 5;
    private const int WriteAt = 64 << 10;

    public Dictionary<string, IndexedFile> Read(string folder)
    {
        try
        {
            return Read(folder, File.ReadAllBytes(PathOf(folder)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ProtocolException)
        {
            return [];
        }
    }

    /// <summary>Remembers what a folder holds. Where that fails, the next upload has more to read.</summary>
    public void TryWrite(string folder, IReadOnlyCollection<KeyValuePair<string, IndexedFile>> files)
    {
        var temporary = $"{PathOf(folder)}.{Guid.NewGuid():n}";
        try
        {
            Directory.CreateDirectory(directory);
            using (var output = File.Create(temporary))
            {
                Write(output, folder, files);
            }

            File.Move(temporary, PathOf(folder), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
        }
    }

    private static Dictionary<string, IndexedFile> Read(string folder, byte[] bytes)
    {
        var reader = new MessagePackReader(bytes);
        MessageParts.CheckCount(reader.ReadArrayHeader(), Parts, "An index");
        if (reader.ReadInt32() != Version || reader.ReadString() != folder)
        {
            return [];
        }

        var files = new Dictionary<string, IndexedFile>(StringComparer.Ordinal);
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            MessageParts.CheckCount(reader.ReadArrayHeader(), FileParts, "A file of an index");
            files[reader.ReadString() ?? ""] = new(
                reader.ReadInt64(),
                reader.ReadDateTime(),
                reader.ReadInt64(),
                MessageParts.ReadHash(ref reader)
            );
        }

        return files;
    }

    private static void Write(FileStream stream, string folder, IReadOnlyCollection<KeyValuePair<string, IndexedFile>> files)
    {
        var output = new ArrayBufferWriter<byte>(WriteAt);
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(Parts);
        writer.Write(Version);
        writer.Write(folder);
        writer.WriteArrayHeader(files.Count);
        foreach (var (path, file) in files)
        {
            writer.WriteArrayHeader(FileParts);
            writer.Write(path);
            writer.Write(file.Size);
            writer.Write(file.Modified);
            writer.Write(file.Inode);
            MessageParts.WriteHash(ref writer, file.Content);
            writer.Flush();
            if (output.WrittenCount >= WriteAt)
            {
                stream.Write(output.WrittenSpan);
                output.ResetWrittenCount();
            }
        }

        writer.Flush();
        stream.Write(output.WrittenSpan);
    }

    private string PathOf(string folder) => Path.Combine(directory, ContentHash.Of(Encoding.UTF8.GetBytes(folder)).ToString());
}
