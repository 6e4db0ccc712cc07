using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Serialization.MessagePack;

namespace FalServerless.Serialization.Messages;

/// <summary><c>[version, id, function, manifest | nil, [machine type, keep-alive ms, timeout ms | nil, max workers | nil], name | nil, payload]</c>.</summary>
internal static class InvocationRequestCodec
{
    private const int Parts = 7;
    private const int EnvironmentParts = 4;

    public static void Write(IBufferWriter<byte> output, InvocationRequest request)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(Parts);
        writer.Write(ProtocolVersion.Current);
        MessageParts.WriteGuid(ref writer, request.Id);
        MessageParts.WriteHash(ref writer, request.Function);
        if (request.Manifest.IsEmpty)
        {
            writer.WriteNil();
        }
        else
        {
            writer.Write(request.Manifest);
        }

        WriteEnvironment(ref writer, request.Environment);
        writer.Write(request.Name);
        writer.Write(request.Payload);
        writer.Flush();
    }

    /// <exception cref="ProtocolException">The bytes are not a request of this protocol version.</exception>
    public static InvocationRequest Read(in ReadOnlySequence<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        var parts = reader.ReadArrayHeader();
        ProtocolVersion.Check(parts > 0 ? reader.ReadInt32() : 0, "The client");
        MessageParts.CheckCount(parts, Parts, "An invocation request");
        var request = new InvocationRequest
        {
            Id = MessageParts.ReadGuid(ref reader),
            Function = MessageParts.ReadHash(ref reader),
            Manifest = reader.ReadBytes() ?? default,
            Environment = ReadEnvironment(ref reader),
            Name = reader.ReadString(),
            Payload = reader.ReadBytes() ?? throw new ProtocolException("An invocation request has no payload."),
        };
        MessageParts.CheckEnd(reader, "An invocation request");
        return request;
    }

    private static void WriteEnvironment(ref MessagePackWriter writer, EnvironmentSpec environment)
    {
        writer.WriteArrayHeader(EnvironmentParts);
        writer.Write(environment.MachineType);
        MessageParts.WriteMilliseconds(ref writer, environment.KeepAlive);
        MessageParts.WriteMilliseconds(ref writer, environment.Timeout);
        if (environment.MaxWorkers is { } maxWorkers)
        {
            writer.Write(maxWorkers);
        }
        else
        {
            writer.WriteNil();
        }
    }

    private static EnvironmentSpec ReadEnvironment(ref MessagePackReader reader)
    {
        MessageParts.CheckCount(reader.ReadArrayHeader(), EnvironmentParts, "The environment of a request");
        return new()
        {
            MachineType = reader.ReadString() ?? throw new ProtocolException("The environment of a request names no machine type."),
            KeepAlive = MessageParts.ReadMilliseconds(ref reader) ?? throw new ProtocolException("The environment of a request has no keep-alive."),
            Timeout = MessageParts.ReadMilliseconds(ref reader),
            MaxWorkers = reader.TryReadNil() ? null : ReadWorkers(ref reader),
        };
    }

    private static int ReadWorkers(ref MessagePackReader reader) =>
        reader.ReadUInt16() is > 0 and var workers ? workers : throw new ProtocolException("A request that may have no worker can never run.");
}
