using System.Buffers;
using FalServerless.Wire;

namespace FalServerless.Protocol.Worker;

/// <summary><c>[function, manifest, [image path…], folder | nil]</c>.</summary>
internal static class WorkerFunctionCodec
{
    private const int Parts = 4;

    public static byte[] Write(WorkerFunction function)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(Parts);
        MessageParts.WriteHash(ref writer, function.Function);
        writer.Write(function.Manifest.Span);
        writer.WriteArrayHeader(function.AssemblyPaths.Count);
        foreach (var path in function.AssemblyPaths)
        {
            writer.Write(path);
        }

        writer.Write(function.Folder);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="ProtocolException">The bytes are not such a message.</exception>
    public static WorkerFunction Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        MessageParts.CheckCount(reader.ReadArrayHeader(), Parts, "A worker's function");
        var function = MessageParts.ReadHash(ref reader);
        var manifest = reader.ReadBytes() ?? throw new ProtocolException("A worker's function has no manifest.");
        var paths = new List<string>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            paths.Add(reader.ReadString() ?? throw new ProtocolException("A worker's function has an assembly without a path."));
        }

        var folder = reader.ReadString();
        MessageParts.CheckEnd(reader, "A worker's function");
        return new()
        {
            Function = function,
            Manifest = manifest.ToArray(),
            AssemblyPaths = paths,
            Folder = folder,
        };
    }
}
