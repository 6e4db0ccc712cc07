using System.Buffers;
using System.Text;
using FalServerless.Wire;

namespace FalServerless.Protocol.Http;

/// <summary>
/// <c>[version, kind, body, [[name, image, symbols | nil]…], [[path, platform | nil, package | nil, content | nil]…], program | nil]</c>.
/// </summary>
internal static class FunctionManifestCodec
{
    private const int Parts = 6;
    private const int AssemblyParts = 3;

    // File systems take 255 bytes, and an extension is still to come.
    private const int LongestName = 200;

    public static byte[] Write(FunctionManifest manifest)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(Parts);
        writer.Write(ProtocolVersion.Current);
        writer.Write((int)manifest.Kind);
        writer.Write(manifest.Body.Span);
        writer.WriteArrayHeader(manifest.Assemblies.Count);
        foreach (var assembly in manifest.Assemblies)
        {
            writer.WriteArrayHeader(AssemblyParts);
            writer.Write(assembly.Name);
            MessageParts.WriteHash(ref writer, assembly.Image);
            MessageParts.WriteHash(ref writer, assembly.Symbols);
        }

        writer.WriteArrayHeader(manifest.Files.Count);
        foreach (var file in manifest.Files)
        {
            FunctionFileCodec.Write(ref writer, file);
        }

        writer.Write(manifest.Program);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="ProtocolException">The bytes are not a manifest of this protocol version.</exception>
    public static FunctionManifest Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        var parts = reader.ReadArrayHeader();
        ProtocolVersion.Check(parts > 0 ? reader.ReadInt32() : 0, "The function");
        MessageParts.CheckCount(parts, Parts, "A function manifest");
        var kind = (BodyKind)reader.ReadInt32();
        if (kind is not (BodyKind.Expression or BodyKind.Delegate))
        {
            throw new ProtocolException($"A function manifest holds a body of kind {(int)kind}, which this side does not know.");
        }

        var body = reader.ReadBytes() ?? throw new ProtocolException("A function manifest has no body.");
        var assemblies = new List<AssemblyReference>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            assemblies.Add(ReadAssembly(ref reader));
        }

        var files = new List<FunctionFile>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            files.Add(FunctionFileCodec.Read(ref reader));
        }

        FunctionFileCodec.CheckFolders(assemblies, files);
        var program = reader.ReadString();
        if (program is not null && !assemblies.Exists(assembly => assembly.Name == program))
        {
            throw new ProtocolException("A function manifest names a program that is not among its assemblies.");
        }

        MessageParts.CheckEnd(reader, "A function manifest");
        return new()
        {
            Kind = kind,
            Body = body.ToArray(),
            Assemblies = assemblies,
            Files = files,
            Program = program,
        };
    }

    private static AssemblyReference ReadAssembly(ref MessagePackReader reader)
    {
        MessageParts.CheckCount(reader.ReadArrayHeader(), AssemblyParts, "An assembly of a manifest");
        var name = reader.ReadString();
        return new()
        {
            Name = IsFileName(name)
                ? name
                : throw new ProtocolException("A function manifest names an assembly with a name that no file can have."),
            Image = MessageParts.ReadHash(ref reader),
            Symbols = MessageParts.ReadHashOrNil(ref reader),
        };
    }

    // The name becomes a file's name on the host, so it must not lead anywhere else.
    private static bool IsFileName([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? name) =>
        name is { Length: > 0 }
        && Encoding.UTF8.GetByteCount(name) <= LongestName
        && name[0] != '.'
        && name.AsSpan().IndexOfAny("/\\:\0") < 0;
}
