using System.Buffers;
using FalServerless.Wire;

namespace FalServerless.Protocol.Worker;

/// <summary><c>[version, token, is control, process id]</c>.</summary>
internal static class WorkerHelloCodec
{
    private const int Parts = 4;

    public static byte[] Write(WorkerHello hello)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(Parts);
        writer.Write(hello.Version);
        writer.Write(hello.Token.Span);
        writer.Write(hello.IsControl);
        writer.Write(hello.ProcessId);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="ProtocolException">The bytes are not a hello of this protocol version.</exception>
    public static WorkerHello Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        var parts = reader.ReadArrayHeader();
        var version = parts > 0 ? reader.ReadInt32() : 0;
        ProtocolVersion.Check(version, "The worker");
        MessageParts.CheckCount(parts, Parts, "A worker's hello");
        var hello = new WorkerHello
        {
            Version = version,
            Token = (reader.ReadBytes() ?? throw new ProtocolException("A worker's hello has no token.")).ToArray(),
            IsControl = reader.ReadBoolean(),
            ProcessId = reader.ReadInt32(),
        };
        MessageParts.CheckEnd(reader, "A worker's hello");
        return hello;
    }
}
