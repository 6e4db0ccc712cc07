using System.Buffers;
using FalServerless.Wire;

namespace FalServerless.Protocol.Http;

/// <summary>Which environment is to be built: <c>[version, [requirement…]]</c>.</summary>
internal static class EnvironmentRequestCodec
{
    private const int Parts = 2;

    public static byte[] Write(IReadOnlyList<string> requirements)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(Parts);
        writer.Write(ProtocolVersion.Current);
        writer.WriteArrayHeader(requirements.Count);
        foreach (var requirement in requirements)
        {
            writer.Write(requirement);
        }

        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="ProtocolException">The bytes are not such a request.</exception>
    public static string[] Read(in ReadOnlySequence<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        var parts = reader.ReadArrayHeader();
        ProtocolVersion.Check(parts > 0 ? reader.ReadInt32() : 0, "The client");
        MessageParts.CheckCount(parts, Parts, "A request for an environment");
        var requirements = MessageParts.ReadRequirements(ref reader);
        MessageParts.CheckEnd(reader, "A request for an environment");
        return requirements;
    }
}
